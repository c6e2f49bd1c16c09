import type { LinkReason } from '#contract/messages'
import type { Words } from '#contract/names'
import type { Doubt } from './suspicion.ts'

const reasons: Record<LinkReason, Words> = {
  starting: { zh: '启动中', en: 'starting' },
  'no-answer': { zh: '无应答', en: 'no answer' },
  'bus-lost': { zh: '总线中断', en: 'bus lost' },
  refused: { zh: '连接被拒绝', en: 'connection refused' },
  closed: { zh: '连接被对方关闭', en: 'connection closed by the peer' },
  exception: { zh: '异常应答', en: 'exception' },
  'wrong-unit': { zh: '应答来自其他单元', en: 'answers of another unit' },
  'wrong-function': { zh: '应答功能码不符', en: 'answers of another function' },
  'wrong-length': { zh: '应答长度不符', en: 'answers of the wrong length' },
  'wrong-transaction': { zh: '应答序号不符', en: 'answers of another transaction' },
  late: { zh: '应答超时到达', en: 'answers come too late' },
  garbage: { zh: '应答为乱码', en: 'garbage, not Modbus' },
  http: { zh: '对方是 HTTP 服务', en: 'an HTTP server answers' },
  nonsense: { zh: '消息无法解析', en: 'messages that cannot be read' },
  silent: { zh: '长时间无消息', en: 'silent' },
}

/** What is wrong with a link, as an engineer reads it in the name of its alarm. */
export const faultWords = (fault: { reason: LinkReason; code: number | null }): Words => {
  const { zh, en } = reasons[fault.reason]
  return fault.code === null ? { zh, en } : { zh: `${zh} ${fault.code}`, en: `${en} ${fault.code}` }
}

export const doubtWords: Record<Doubt, Words> = {
  'all-alike': { zh: '应答全部相同', en: 'all of its answers are alike' },
  'clock-stands': { zh: '设备时钟停走', en: 'its clock stands still' },
  'counter-back': { zh: '计数器倒走', en: 'a counter ran back' },
}
