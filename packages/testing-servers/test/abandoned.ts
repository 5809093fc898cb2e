// Starts a server and waits to be killed.
import { startRedis } from '../src/index.js'

const { url } = await startRedis()
console.log(url)
setInterval(() => {}, 60_000)
