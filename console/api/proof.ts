/** Where a PIN or password goes beside a request that signs something, for which it is asked again. A header takes ASCII only. */
export const proofHeader = 'x-proof'

export const proofOf = (secret: string): string => encodeURIComponent(secret)

/** What was sent in it; what is no such text is no secret of anybody's. */
export const proofIn = (sent: string): string => {
  try {
    return decodeURIComponent(sent)
  } catch {
    return ''
  }
}
