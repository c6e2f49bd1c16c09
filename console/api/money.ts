/** Money is integer fen everywhere; these turn it into what people read. */
export const yuan = (fen: number): string => {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(fen) / 100)
  const rest = String(Math.abs(fen) % 100).padStart(2, '0')
  return `${sign}¥${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

const digits = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖']
const places = ['', '拾', '佰', '仟']
const groups = ['', '万', '亿', '万亿']

const group = (n: number): string => {
  let text = ''
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(n / 10 ** place) % 10
    if (digit !== 0) text += `${digits[digit]}${places[place]}`
    else if (text !== '' && !text.endsWith('零')) text += '零'
  }
  return text.replace(/零+$/, '')
}

/** The amount in capital numerals (大写), as forms of payment carry it: 48000 fen -> 肆佰捌拾元整. */
export const capitalYuan = (fen: number): string => {
  const whole = Math.floor(Math.abs(fen) / 100)
  const jiao = Math.floor((Math.abs(fen) % 100) / 10)
  const cents = Math.abs(fen) % 10
  let text = ''
  for (let g = 3; g >= 0; g--) {
    const part = Math.floor(whole / 10_000 ** g) % 10_000
    if (part === 0) continue
    if (text !== '' && (part < 1000 || !text.endsWith(groups[g + 1] ?? ''))) text += '零'
    text += group(part) + groups[g]
  }
  text = text === '' ? '' : `${text}元`
  if (jiao === 0 && cents === 0) return `${fen < 0 ? '负' : ''}${text === '' ? '零元' : text}整`
  if (jiao > 0) text += `${digits[jiao]}角`
  else if (text !== '') text += '零'
  text += cents > 0 ? `${digits[cents]}分` : '整'
  return (fen < 0 ? '负' : '') + text
}
