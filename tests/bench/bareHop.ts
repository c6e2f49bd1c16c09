import { createServer } from 'node:http'
import { connect } from 'mqtt'
import { Server } from 'socket.io'

/** A program of the bare chain: hands on what it hears over MQTT to whoever is connected by socket.io, and does nothing else. */
const [, , mqttUrl = '', topic = ''] = process.argv
const http = createServer()
const io = new Server(http, { transports: ['websocket'] })
const client = connect(mqttUrl)
client.on('message', (_, body) => io.emit('news', body.toString('utf8')))
client.on('connect', () => {
  client.subscribe(topic, () => {
    http.listen(0, '127.0.0.1', () => {
      const address = http.address()
      if (address !== null && typeof address === 'object') process.send?.({ port: address.port })
    })
  })
})
