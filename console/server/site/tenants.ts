import type { BooksReader } from '../books/books.ts'

/** Who rents here, by their short names. */
export const tenantsIn = (db: BooksReader) => db.selectFrom('tenant').selectAll().orderBy('short').execute()

/** Which units each of them rents. */
export const leasesIn = (db: BooksReader) => db.selectFrom('lease').selectAll().execute()
