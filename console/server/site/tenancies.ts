import type { BooksReader } from '../books/books.ts'

/** The tenancies that hold on a date. One without a date has no beginning, or no end, that anybody knows. */
export const tenanciesOn = (db: BooksReader, date: string) =>
  db
    .selectFrom('tenancy')
    .where(e => e.or([e('tenancy.from_date', 'is', null), e('tenancy.from_date', '<=', date)]))
    .where(e => e.or([e('tenancy.to_date', 'is', null), e('tenancy.to_date', '>=', date)]))
