import type { Text } from '#api/words/text'

/**
 * What subjects do for one another: who asks knows the form, and not the subject that renders it. Each is rendered by one
 * procedure, which says so (`renders`).
 */
export type Services = {
  /** Something for engineering to do. `kind` tells the calls of customers from what alarms and bookings order. */
  'work-order': {
    address: string | null
    content: Text
    contact: Text
    phone: string
    appointment?: number
    kind: 'repair' | 'round' | 'plate' | 'equipment' | 'booked-air'
  }
  /** Somebody asks the customer whether he is satisfied. */
  visit: {
    subject: Text
    about: 'after-complaint' | 'after-repair'
    address: string
    contact: Text
    phone: string
    visitBy?: number | undefined
  }
  /** A customer is not satisfied. Only people open one. */
  grievance: never
  /** A customer asks or wishes something. Only people open one. */
  wish: never
}
export type Service = keyof Services
