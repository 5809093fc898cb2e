import { redisStore } from '@longhaul/redis'
import { createApp } from '../src/app.js'

const { REDIS_URL = 'redis://127.0.0.1:6379' } = process.env

export default { fetch: createApp({ store: redisStore(REDIS_URL), environment: process.env }) }
