/** Every refusal there is, with the HTTP status that it is answered with. Their words stand in the dictionaries under `errors`. */
export const refusals = {
  // No answer at all; said by the browser.
  offline: 0,
  // What was sent is not as it must be.
  'day-twice': 400,
  'end-in-the-past': 400,
  'hold-too-long': 400,
  invalid: 400,
  'level-not-allowed': 400,
  malformed: 400,
  'not-in-this-month': 400,
  'password-guessed': 400,
  'password-same': 400,
  'password-short': 400,
  'post-cannot': 400,
  'reason-required': 400,
  'said-nothing': 400,
  'test-too-long': 400,
  'unknown-place': 400,
  'which-of-them': 400,
  // Nobody is signed in.
  'signed-out': 401,
  'wrong-password': 401,
  'pin-tried-out': 401,
  // Not for whoever asks.
  'foreign-origin': 403,
  'kept-above': 403,
  'not-your-role': 403,
  'password-due': 403,
  // There is no such thing.
  'unknown-device': 404,
  'not-heard-yet': 404,
  'file-missing': 404,
  'not-found': 404,
  'unknown-alarm': 404,
  'unknown-attachment': 404,
  'unknown-case': 404,
  'unknown-charge': 404,
  'unknown-compartment': 404,
  'unknown-duty': 404,
  'unknown-entry': 404,
  'unknown-item': 404,
  'unknown-notice': 404,
  'unknown-person': 404,
  'unknown-point': 404,
  'unknown-post': 404,
  'unknown-procedure': 404,
  'unknown-register': 404,
  'unknown-scenario': 404,
  'unknown-setting': 404,
  'unknown-tariff': 404,
  'unknown-tenant': 404,
  'unknown-verb': 404,
  // It is not so that this may be done now. `in-the-way`: in the subject's own words, which come with it.
  'in-the-way': 409,
  'about-oneself': 409,
  'alarms-unacked': 409,
  'already-acked': 409,
  'already-done': 409,
  'already-over': 409,
  'already-started': 409,
  'answer-the-letter': 409,
  'case-full': 409,
  'case-is-over': 409,
  'changed-meanwhile': 409,
  'checks-missing': 409,
  'clock-is-real': 409,
  'complainant-first': 409,
  'corrective-open': 409,
  'booked-at-price': 409,
  'dates-backwards': 409,
  'day-uncovered': 409,
  'day-unknown': 409,
  'emergency-open': 409,
  'ends-before-start': 409,
  'entries-unread': 409,
  'equipment-moving': 409,
  'fitness-unstated': 409,
  'grave-open': 409,
  'has-left': 409,
  'is-here': 409,
  'last-administrator': 409,
  'name-taken': 409,
  'own-account': 409,
  'in-the-future': 409,
  'in-the-past': 409,
  'items-unchecked': 409,
  'leads-not-there': 409,
  'list-outdated': 409,
  'matters-open': 409,
  'month-not-over': 409,
  'no-overtime': 409,
  'no-tariff': 409,
  'no-tenant': 409,
  'import-changed': 409,
  'import-wrong': 409,
  'not-a-sheet': 409,
  'not-at-this-site': 409,
  'not-begun': 409,
  'not-decided': 409,
  'not-heard-apart': 409,
  'not-in-this-state': 409,
  'not-on-that-shift': 409,
  'not-over-yet': 409,
  'not-own-shift': 409,
  'not-released': 409,
  'not-reported': 409,
  'not-the-taker': 409,
  'not-this-site': 409,
  'not-to-be-visited': 409,
  'not-visited': 409,
  'other-hands': 409,
  overlaps: 409,
  'own-entry': 409,
  'own-shift': 409,
  'pace-fixed': 409,
  'person-twice': 409,
  'powers-mixed': 409,
  'number-taken': 409,
  'price-told': 409,
  'price-changed': 409,
  'priced-already': 409,
  'reasons-missing': 409,
  'remarks-missing': 409,
  'same-person': 409,
  'roster-exists': 409,
  'roster-missing': 409,
  'sent-otherwise': 409,
  'statement-missing': 409,
  'steps-open': 409,
  'still-in-alarm': 409,
  'too-early': 409,
  'too-long': 409,
  unfit: 409,
  'unit-taken': 409,
  'unknown-unit': 409,
  'unknown-zone': 409,
  // The station is locked, or it must be shown again who this is.
  locked: 423,
  'prove-again': 428,
  // Too much.
  'too-large': 413,
  // Not that kind of content.
  'json-only': 415,
  'not-that-kind': 415,
  // Too often.
  'day-full': 429,
  'one-at-a-time': 429,
  'slow-down': 429,
  // A bug.
  internal: 500,
  // Something that it stands on is out of reach.
  'books-closed': 503,
  'simulators-silent': 503,
  // No room.
  'disk-nearly-full': 507,
} as const satisfies Record<string, number>
export type RefusalCode = keyof typeof refusals
/** Those that have a sentence in the dictionaries. */
export type SayableCode = Exclude<RefusalCode, 'in-the-way'>

/**
 * Something may not be done: a code that the screens put into a sentence, the field that it is about, and what the sentence names.
 * Thrown anywhere below HTTP, which alone turns it into an answer.
 */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly field: string | undefined
  readonly detail: Record<string, unknown> | undefined
  constructor(code: RefusalCode, field?: string, detail?: Record<string, unknown>) {
    super(code)
    this.code = code
    this.field = field
    this.detail = detail
  }
}
