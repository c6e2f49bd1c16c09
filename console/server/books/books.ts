import type { Transaction } from 'kysely'
import { openStore, type Store } from '#store/openStore'
import { sealed } from './chain/sealing.ts'
import { migrations } from './migrations.ts'
import type { Books } from './schema.ts'

export type BooksStore = Store<Books>
export type BooksTx = Transaction<Books>
/** Anything that can be read from: the store's reader, or a transaction that must see its own writes. */
export type BooksReader = Store<Books>['read'] | BooksTx

/** To change something beside a console that may be at work. */
export const openBooksBeside = async (file: string): Promise<BooksStore> =>
  sealed(await openStore<Books>({ file, synchronous: 'FULL', migrations, beside: true }))

export const openBooks = async (file: string): Promise<BooksStore> =>
  sealed(await openStore<Books>({ file, synchronous: 'FULL', migrations }))
