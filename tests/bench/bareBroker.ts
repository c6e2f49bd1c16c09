import { createServer } from 'node:net'
import { Aedes } from 'aedes'

/** A program of the bare chain: a broker that lets everybody say everything. */
const broker = await Aedes.createBroker()
const server = createServer(broker.handle)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port })
})
