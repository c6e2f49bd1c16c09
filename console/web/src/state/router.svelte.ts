export const paths = {
  overview: '/overview',
  alarms: '/alarms',
  emergency: '/emergency',
  overtime: '/overtime',
  today: '/today',
  call: '/call',
  registers: '/registers',
  search: '/search',
  repair: '/repair',
  complaint: '/complaint',
  statement: '/statement',
  visits: '/return-visit',
  corrective: '/corrective',
  enquiry: '/enquiry',
  handover: '/handover',
  roster: '/roster',
  calendar: '/calendar',
  settings: '/settings',
  charges: '/charges',
  devices: '/devices',
  engineering: '/engineering',
  demo: '/demo',
  form: '/form',
  report: '/report',
  sheet: '/sheet',
} as const
export type PageName = keyof typeof paths

/** Where we are: a page and one id. Links stay links, so that middle click and back work as everywhere. */
export class Router {
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
  get page(): PageName | undefined {
    const first = `/${this.#path.split('/')[1] ?? ''}`
    return (Object.keys(paths) as PageName[]).find(name => paths[name] === first)
  }

  get id(): string | undefined {
    return this.#path.split('/')[2] || undefined
  }

  go(path: string) {
    if (path === this.#path) return
    history.pushState(null, '', path)
    this.#path = path
  }

  to(page: PageName, id?: string): string {
    return id ? `${paths[page]}/${id}` : paths[page]
  }
}
