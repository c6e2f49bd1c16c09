import { expect, it } from 'vitest'
import { withoutPlace } from '../../console/server/attachments/withoutPlace.ts'

const ascii = (text: string) => Buffer.from(text, 'latin1')
/** Where it was taken, as it must not be kept. */
const place = ascii('GPS 31.2304N 121.4737E')
const holdsPlace = (bytes: Buffer) => bytes.includes(place)

const segment = (marker: number, body: Buffer) => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}
/** Exif of a telephone held upright (6), with its place behind the directory; in either byte order. */
const exif = (order: 'II' | 'MM', orientation: number) => {
  const tiff = Buffer.alloc(26)
  const little = order === 'II'
  const u16 = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at))
  const u32 = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at))
  tiff.write(order, 0, 'latin1')
  u16(42, 2)
  u32(8, 4)
  u16(1, 8)
  u16(0x0112, 10)
  u16(3, 12)
  u32(1, 14)
  u16(orientation, 18)
  return segment(0xe1, Buffer.concat([ascii('Exif\0\0'), tiff, place]))
}
const jfif = segment(0xe0, ascii('JFIF\0'))
/** A picture of two scans: stuffed and restart bytes within, a table between that looks like an end. */
const picture = Buffer.concat([
  segment(0xda, Buffer.from([1, 2])),
  Buffer.from([0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33]),
  segment(0xc4, Buffer.from([0xff, 0xd9])),
  segment(0xda, Buffer.from([3])),
  Buffer.from([0x44, 0xff, 0x00]),
])
const soi = Buffer.from([0xff, 0xd8])
const eoi = Buffer.from([0xff, 0xd9])

it.each(['II', 'MM'] as const)('a photo keeps its picture and which way is up, and loses where it was taken (%s)', order => {
  const said = [
    exif(order, 6),
    segment(0xe1, Buffer.concat([ascii('http://ns.adobe.com/xap/1.0/\0'), place])),
    segment(0xfe, place),
  ]
  const second = Buffer.concat([soi, exif(order, 1), picture, eoi])
  const photo = Buffer.concat([soi, jfif, ...said, picture, eoi, second])
  const plain = withoutPlace('image/jpeg', photo)
  expect(holdsPlace(plain)).toBe(false)
  const up = segment(
    0xe1,
    Buffer.concat([ascii('Exif\0\0'), Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex')]),
  )
  expect(plain).toEqual(Buffer.concat([soi, up, jfif, picture, eoi]))
  // Once more changes nothing.
  expect(withoutPlace('image/jpeg', plain)).toEqual(plain)
})

it('an upright photo says nothing of it', () => {
  expect(withoutPlace('image/jpeg', Buffer.concat([soi, exif('MM', 1), picture, eoi]))).toEqual(
    Buffer.concat([soi, picture, eoi]),
  )
})

it('a PNG and a WebP lose text and Exif, and whatever hangs behind', () => {
  const chunk = (kind: string, body: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    return Buffer.concat([length, ascii(kind), body, Buffer.alloc(4)])
  }
  const head = ascii('\x89PNG\r\n\x1a\n')
  const [start, data, end] = [
    chunk('IHDR', Buffer.alloc(13)),
    chunk('IDAT', Buffer.from([1, 2, 3])),
    chunk('IEND', Buffer.alloc(0)),
  ]
  const png = Buffer.concat([head, start, chunk('eXIf', place), chunk('tEXt', place), data, end, place])
  expect(withoutPlace('image/png', png)).toEqual(Buffer.concat([head, start, data, end]))

  const part = (kind: string, body: Buffer) => {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(body.length)
    return Buffer.concat([ascii(kind), size, body, Buffer.alloc(body.length % 2)])
  }
  const webp = (...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(body.length + 4)
    return Buffer.concat([ascii('RIFF'), size, ascii('WEBP'), body])
  }
  const flags = (bits: number) => part('VP8X', Buffer.from([bits, 0, 0, 0, 1, 0, 0, 1, 0, 0]))
  const image = part('VP8 ', Buffer.from([9, 9, 9]))
  expect(withoutPlace('image/webp', webp(flags(0b11110), image, part('EXIF', place), part('XMP ', place)))).toEqual(
    webp(flags(0b10010), image),
  )
})

it('what is broken comes back as it was, whatever is cut off or changed', () => {
  const photo = Buffer.concat([soi, jfif, exif('II', 6), picture, eoi])
  for (let n = 0; n < photo.length; n++) {
    expect(() => withoutPlace('image/jpeg', photo.subarray(0, n))).not.toThrow()
    const changed = Buffer.from(photo)
    changed[n] = (changed[n] ?? 0) ^ 0xff
    expect(() => withoutPlace('image/jpeg', changed)).not.toThrow()
    for (const type of ['image/png', 'image/webp', 'application/pdf'] as const)
      expect(() => withoutPlace(type, changed)).not.toThrow()
  }
})
