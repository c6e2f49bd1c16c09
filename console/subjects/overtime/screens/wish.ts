/** How a booking is repeated, as it is being written. */
export type Repeat = { weekdays: string[]; until: string; except: string[] }
export type Wish = { zone: string; also: readonly string[]; from: number; to: number; repeat: Repeat | null }

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (date: string): string => String(((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1)

/** As the quote is asked for it; null while it is not whole. */
export const asQuery = ({ zone, also, from, to, repeat }: Wish) => {
  const hours = { zone, from, to, ...(also.length > 0 ? { also: also.join(',') } : {}) }
  if (!repeat) return hours
  const { weekdays, until, except } = repeat
  if (weekdays.length === 0 || until === '') return null
  return { ...hours, weekdays: weekdays.join(','), until, ...(except.length > 0 ? { except: except.join(',') } : {}) }
}

/** As the form keeps it. */
export const asForm = ({ zone, also, from, to, repeat }: Wish) => ({
  ...{ zone, from, to },
  ...(also.length > 0 ? { also } : {}),
  ...(repeat
    ? { weekdays: repeat.weekdays, until: repeat.until, ...(repeat.except.length > 0 ? { except: repeat.except } : {}) }
    : {}),
})
