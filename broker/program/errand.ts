import { AsyncLocalStorage } from 'node:async_hooks'

/** A piece of work for somebody outside: a request, an event of a screen. When it fails, it alone has failed. */
export type Errand = { failed(error: unknown): void }

const errands = new AsyncLocalStorage<Errand>()

/** Does `act` as an errand: whatever it throws, also later and where nobody awaits it, goes to the errand and not to the process. */
export const onErrand = (errand: Errand, act: () => unknown): void =>
  errands.run(errand, () => {
    try {
      Promise.resolve(act()).catch(error => errand.failed(error))
    } catch (error) {
      errand.failed(error)
    }
  })

/** Whose error this is; undefined when it is the program's own. Asked by the last handlers of the process. */
export const errandOfError = (): Errand | undefined => errands.getStore()
