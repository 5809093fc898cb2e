export { createLog, type LogFields, type Logger } from './logger.js'
