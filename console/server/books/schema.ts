import type { Generated } from 'kysely'

/** Tables of books.db: never thinned, every commit on disk before it is answered (design §7). JSON columns end in `_json`. */
export type Books = {
  user_account: { id: string; name: string; display: string; post: string; roles_json: string; password: string; active: number }
  /** Posts of the site, each with the roles that it carries; a user's roles are those of his post where he has one. */
  post: { id: string; name_zh: string; name_en: string; roles_json: string }
  /** The posts that the site has named for a duty of the calendar. */
  duty_post: { routine: string; post: string }
  session: { token_hash: string; user_id: string; created_at: number; seen_at: number; station: string }
  audit: { id: string; at: number; user_id: string | null; station: string; what: string; subject: string; detail_json: string }
  tenant: { id: string; name: string; short: string; contact: string; phone: string }
  lease: { unit: string; tenant_id: string }
  tariff: {
    id: string
    name_zh: string
    name_en: string
    fen_per_hour: number
    rounding_minutes: number
    minimum_minutes: number
    valid_from: string
    valid_to: string | null
  }
  zone_tariff: { zone: string; tariff_id: string }
  calendar_day: { date: string; kind: 'closed' | 'workday'; name_zh: string; name_en: string }
  alarm: {
    id: string
    source: string
    key: string
    level: number
    kind: string
    device: string | null
    point: string | null
    place: string | null
    name_zh: string
    name_en: string
    raised_at: number
    value_json: string
    limit_json: string
    returned_at: number | null
    acked_at: number | null
    acked_by: string | null
    owner: string | null
    notes_json: string
    ticket: string | null
  }
  ingested: { agent: string; journal_id: string; n: number; at: number; type: string }
  high_water: { agent: string; journal_id: string; n: number }
  journal_gap: { agent: string; journal_id: string; from_n: number; to_n: number; seen_at: number }
  quarantine: { agent: string; journal_id: string; n: number; at: number; body: string; reason: string }
  command: {
    id: string
    agent: string
    point: string
    value_json: string
    level: number
    kind: string
    by_zh: string
    by_en: string
    user_id: string | null
    at: number
    until: number | null
    step: string
    reason: string | null
    read_json: string | null
    steps_json: string
    causes_json: string
  }
  run_interval: {
    id: string
    agent: string
    zone: string
    from_at: number
    to_at: number | null
    /** How long it really was; null where only the wall clock has told. */
    lasted_ms: number | null
    why: string
    proof_json: string
  }
  linkage: {
    event: string
    linkage: string
    compartment: string
    name_zh: string
    name_en: string
    triggered_at: number | null
    start_ms: number | null
    start_limit_ms: number | null
    feedback_ms: number | null
    feedback_limit_ms: number | null
    missing: number
    /** Since when it is no longer what its feedback said. */
    relapsed_at: number | null
    released_at: number | null
  }
  compartment_event: {
    event: string
    agent: string
    compartment: string
    met_at: number
    released_at: number | null
    causes_json: string
  }
  access_event: { id: string; agent: string; device: string; at: number; event: string; detail: string }
  counter: { procedure: string; period: string; n: number }
  case_file: {
    id: string
    procedure: string
    version: number
    number: string
    state: string
    place: string | null
    tenant: string | null
    owner: string
    /** His account; null where the console itself has opened it, or none was known. */
    owner_id: string | null
    /** In whose hands it is now. */
    department: string | null
    handler: string | null
    handler_id: string | null
    opened_at: number
    changed_at: number
    ended_at: number | null
    urgent: number
    form_json: string
    facts_json: string
    /** Counts acts and corrections, so that two who edit are told of each other. */
    revision: number
    /** Of the deadline that runs out first; null while none runs. */
    due_at: number | null
    warn_at: number | null
  }
  /** Who was ever named in a case, as it was written, with his account; `concerned`: the case is about him and kept from him. */
  case_person: { case_id: string; name: string; user_id: string | null; concerned: number; since: number }
  /** Names that senders gave to their forms, so that one sent twice is one case. */
  sent_form: { sent_as: string; case_id: string; form_json: string | null }
  /** Append-only and hash-chained per record; the database itself refuses to change or delete a line. */
  history: {
    record: string
    n: number
    at: number
    by_user: string
    station: string
    verb: string
    from_state: string | null
    to_state: string | null
    note: string
    detail_json: string
    hash: string
  }
  /** The last entry of each record, so that a chain cannot be cut short. */
  history_head: { record: string; n: number; hash: string }
  case_deadline: {
    case_id: string
    key: string
    started_at: number
    warn_at: number
    limit_at: number
    escalate_at: number
    paused_at: number | null
    approaching_at: number | null
    missed_at: number | null
    escalated_at: number | null
    met_at: number | null
    next_at: number | null
  }
  /** `roles_json`: who is told, by role or post (Addressee). */
  notice: {
    id: string
    at: number
    roles_json: string
    record: string
    kind: string
    text_zh: string
    text_en: string
    /** It sounds until it is seen, as long as its case is open. */
    rings: number
  }
  /** Whom a ticket told of what, as it stood then; a post in which nobody was on duty stands there without a person. */
  ticket_told: {
    notice: string
    case_id: string
    /** The step that was overdue; null for the opening. */
    step: number | null
    at: number
    post: string
    post_zh: string
    post_en: string
    user_id: string | null
    person: string
    /** Whether he had a screen before him when it was sent. */
    on_screen: number
  }
  notice_seen: { notice: string; user_id: string; at: number }
  handover_item: {
    case_id: string
    n: number
    kind: string
    ref: string
    text_zh: string
    text_en: string
    needs_remark: number
    remark: string | null
    over: number
    checked_at: number | null
    checked_by: string | null
    checked_by_id: string | null
  }
  roster_shift: { case_id: string; date: string; shift: string; person: string }
  search_index: { record: string; kind: string; number: string; at: number; text: string }
  register_entry: {
    id: string
    register: string
    number: string
    at: number
    by_user: string
    form_json: string
    case_id: string | null
    corrects: string | null
    read_at: number | null
    read_by: string | null
    checked_at: number | null
    checked_by: string | null
    sent_as: string | null
  }
  attachment: {
    id: string
    case_id: string
    name: string
    type: string
    bytes: number
    sha256: string
    at: number
    by_user: string
    by_id: string | null
  }
  duty: {
    id: string
    routine: string
    period: string
    owes: string
    target_at: number | null
    limit_at: number
    near_at: number | null
    missed_at: number | null
    done_at: number | null
    done_by: string | null
    note: string | null
    figures_json: string | null
    tables_json: string | null
    /** The cases behind each figure, as they were when it was signed. */
    behind_json: string | null
    /** The stretch of time that was summed up, once it is signed. */
    from_at: number | null
    to_at: number | null
  }
  setting: { key: string; value_json: string; changed_at: number; changed_by: string }
  case_step: {
    case_id: string
    n: number
    text_zh: string
    text_en: string
    owner_zh: string
    owner_en: string
    source: string | null
    within_s: number | null
    after_n: number | null
    started_at: number | null
    due_at: number | null
    done_at: number | null
    done_by: string | null
    overdue_at: number | null
    /** Not done, with the reason of whoever decided so. */
    aside_at: number | null
    aside_by: string | null
    aside_why: string | null
    /** The posts of the console that it is for. */
    posts_json: string
  }
  case_link: { from_case: string; to_case: string; relation: string }
  booking: {
    case_id: string
    zone: string
    tenant: string
    from_at: number
    /** Until when the tenant has it: the time booked, or when he had it stopped. */
    to_at: number
    live: number
    quoted_fen: number
    /** When it was told, once, that it has not begun to run, or that nobody has signed it yet. */
    not_started_at: number | null
    chased_at: number | null
  }
  charge_line: {
    id: string
    case_id: string
    tenant: string
    zone: string
    from_at: number
    to_at: number
    confirmed_minutes: number
    billable_minutes: number
    fen_per_hour: number
    fen: number
    month: string
    note_json: string | null
    /** What took off how much. */
    missed_json: string
    counted_json: string
    made_at: number
  }
  outbox: { id: Generated<number>; what: string; body_json: string; made_at: number; done_at: number | null }
  /** One row that is written to learn whether the books can be written. */
  room: { id: number; filler: Buffer }
  programme_revision: { revision: number; at: number; hash: string; body_json: string }
}
