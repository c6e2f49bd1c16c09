import type { AttachmentType } from '#api/models/cases'

/**
 * A photo without what it says beside its picture: where and when it was taken, by which telephone (PIPL art. 6: no more than is needed).
 * Which way is up stays, for people must see it upright. Bytes that are not built as they should be come back as they are: they are shown
 * as a picture, and never read otherwise.
 */
export const withoutPlace = (type: AttachmentType, bytes: Buffer): Buffer => {
  try {
    if (type === 'image/jpeg') return plainJpeg(bytes)
    if (type === 'image/png') return plainPng(bytes)
    if (type === 'image/webp') return plainWebp(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return bytes
}

const isExif = (body: Buffer) => body.subarray(0, 6).toString('latin1') === 'Exif\0\0'

/** Exif 2.32, tag 0x0112 of the first directory: 1 to 8, 1 is upright; 1 where nothing is said. `tiff`: from the byte order on. */
const orientationOf = (tiff: Buffer): number => {
  const little = tiff.subarray(0, 2).toString('latin1') === 'II'
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  for (let i = 0; i < u16(first); i++) {
    const entry = first + 2 + i * 12
    if (u16(entry) === 0x0112) return u16(entry + 8)
  }
  return 1
}

/** A whole APP1 segment that says which way is up, and nothing else. */
const orientationSegment = (orientation: number): Buffer => {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  tiff.writeUInt16BE(orientation, 18)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

const startOfScan = 0xda
const endOfImage = 0xd9

/** Behind a scan's data: there a marker is no 0xff that is followed by nothing or by a restart (ITU T.81, B.1.1.2, F.1.2.3). */
const afterScan = (bytes: Buffer, from: number): number => {
  for (let at = from; ; at++) {
    const next = bytes.readUInt8(at + 1)
    if (bytes.readUInt8(at) === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
}

/** APP1 (Exif, XMP), APP13 (IPTC), comments, and what hangs behind the picture (another one, with its own) go; all else stays. */
const plainJpeg = (bytes: Buffer): Buffer => {
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let up = 1
  let at = 2
  for (;;) {
    if (bytes.readUInt8(at) !== 0xff) return bytes
    const marker = bytes.readUInt8(at + 1)
    if (marker === endOfImage) break
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length) return bytes
    const body = bytes.subarray(at + 4, end)
    if (marker === 0xe1 && isExif(body)) up = orientationOf(body.subarray(6))
    const whole = marker === startOfScan ? afterScan(bytes, end) : end
    if (![0xe1, 0xed, 0xfe].includes(marker)) kept.push(bytes.subarray(at, whole))
    at = whole
  }
  if (up >= 2 && up <= 8) kept.splice(1, 0, orientationSegment(up))
  return Buffer.concat([...kept, bytes.subarray(at, at + 2)])
}

/** Text and Exif chunks go (PNG, third edition, 11.3). */
const plainPng = (bytes: Buffer): Buffer => {
  const kept: Buffer[] = [bytes.subarray(0, 8)]
  for (let at = 8; at < bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return bytes
    const kind = bytes.subarray(at + 4, at + 8).toString('latin1')
    if (!['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'].includes(kind)) kept.push(bytes.subarray(at, end))
    at = end
    if (kind === 'IEND') break
  }
  return Buffer.concat(kept)
}

/** EXIF and XMP chunks go, and the flags that announce them (WebP container, extended format). */
const plainWebp = (bytes: Buffer): Buffer => {
  const kept: Buffer[] = []
  const last = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  for (let at = 12; at < last; ) {
    const size = bytes.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    if (end > bytes.length) return bytes
    const kind = bytes.subarray(at, at + 4).toString('latin1')
    const chunk = Buffer.from(bytes.subarray(at, end))
    if (kind === 'VP8X') chunk.writeUInt8(chunk.readUInt8(8) & ~0b1100, 8)
    if (kind !== 'EXIF' && kind !== 'XMP ') kept.push(chunk)
    at = end
  }
  const head = Buffer.from(bytes.subarray(0, 12))
  const body = Buffer.concat(kept)
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}
