import { Gauge, type Registry } from 'prom-client'

/** What the console counts of itself for whoever watches the programs (`/metrics`). */
export const count = (metrics: Registry, of: { browsers(): number; rejected(): number }) => {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        this.set(value())
      },
    })
  gauge('zhiban_console_browsers', 'Live connections of screens', of.browsers)
  gauge('zhiban_console_rejected_messages', 'Messages that could not be decoded', of.rejected)
}
