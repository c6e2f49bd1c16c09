/** MBAP and PDU by hand, so that a test can also write down frames that no library would. */
export type Ask = { tid: number; unit: number; fc: number; address: number; count: number }

const headerBytes = 7

/** The requests in what has arrived, and the bytes of one that is not complete yet. Reads and writes of one word have 12 bytes each. */
export const parseAsks = (input: Buffer): { asks: Ask[]; rest: Buffer } => {
  const asks: Ask[] = []
  let rest = input
  while (rest.length >= headerBytes) {
    const end = 6 + rest.readUInt16BE(4)
    if (rest.length < end) break
    if (end >= 12)
      asks.push({
        tid: rest.readUInt16BE(0),
        unit: rest.readUInt8(6),
        fc: rest.readUInt8(7),
        address: rest.readUInt16BE(8),
        count: rest.readUInt16BE(10),
      })
    rest = rest.subarray(end)
  }
  return { asks, rest }
}

/** A frame around a PDU. Protocol id and length are right unless they are given. */
export const frame = (
  tid: number,
  unit: number,
  pdu: readonly number[],
  o: { protocol?: number; length?: number } = {},
): Buffer => {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(tid & 0xffff, 0)
  header.writeUInt16BE(o.protocol ?? 0, 2)
  header.writeUInt16BE(o.length ?? pdu.length + 1, 4)
  header.writeUInt8(unit, 6)
  return Buffer.concat([header, Buffer.from(pdu)])
}

const bytesOf = (words: readonly number[]) => words.flatMap(w => [(w >> 8) & 0xff, w & 0xff])
const packed = (bits: readonly number[]) =>
  Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, k) => byte | (bit << k), 0),
  )

const readsBits = (fc: number) => fc === 1 || fc === 2

/** The data of a read's answer: registers, or bits eight to a byte. */
export const dataOf = (fc: number, words: readonly number[]): number[] => (readsBits(fc) ? packed(words) : bytesOf(words))

export const readPdu = (fc: number, words: readonly number[]): number[] => {
  const data = dataOf(fc, words)
  return [fc, data.length, ...data]
}

export const exceptionPdu = (fc: number, code: number): number[] => [fc | 0x80, code]
