/** What more than one definition calls by the same name. */
export const labels = {
  kind: { zh: '类别', en: 'Kind' },
  promised: { zh: '答应客户的时间', en: 'Promised to the customer' },
  promisedAgain: { zh: '改约的时间', en: 'Promised anew' },
  substitute: { zh: '顶班人', en: 'Substitute' },
  shift: { zh: '班次', en: 'Shift' },
  instruction: { zh: '批示', en: 'Instruction' },
  opinion: { zh: '意见和建议', en: 'Opinion and suggestion' },
  customerAnswered: { zh: '已答复客户', en: 'Customer answered' },
  visitBy: { zh: '回访时限', en: 'To be visited by' },
  signature: { zh: '签名', en: 'Signature' },
  byVisit: { zh: '来访', en: 'Visit' },
  byCall: { zh: '来电', en: 'Call' },
  byLetter: { zh: '来信', en: 'Letter' },
} as const
