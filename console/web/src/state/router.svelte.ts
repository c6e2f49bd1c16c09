/** Where we are: the first part of the path, and one id. Links stay links, so that middle click and back work as everywhere. */
export class Router<Page extends string> {
  #path = $state(location.pathname)

  constructor() {
    addEventListener('popstate', () => {
      this.#path = location.pathname
    })
    addEventListener('click', event => {
      const link = (event.target as Element | null)?.closest?.('a')
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.defaultPrevented
      if (!link || !plain || link.target || link.origin !== location.origin || link.pathname.startsWith('/api')) return
      event.preventDefault()
      this.go(link.pathname)
    })
  }

  /** Undefined at the root, where each finds his own first page. */
  get first(): string | undefined {
    return this.#path.split('/')[1] || undefined
  }

  get id(): string | undefined {
    return this.#path.split('/')[2] || undefined
  }

  /** `instead`: what was there is not gone back to. */
  go(path: string, how: 'on' | 'instead' = 'on') {
    if (path === this.#path) return
    if (how === 'on') history.pushState(null, '', path)
    else history.replaceState(null, '', path)
    this.#path = path
  }

  to(page: Page, id?: string): string {
    return this.toCase(page, id)
  }

  /** The list of a procedure, or one of its cases. */
  toCase(procedure: string, id?: string): string {
    return id ? `/${procedure}/${id}` : `/${procedure}`
  }
}
