import { beforeTests } from './before-tests.js'
import { redis } from './kinds.js'

export default beforeTests(redis)
