// Keeps all others out of a file of the demo for a while, as a process that takes its time to end does.
import Database from 'better-sqlite3'

const [file, ms] = process.argv.slice(2)
const database = new Database(file)
database.pragma('locking_mode = exclusive')
database.exec('begin immediate; commit')
process.stdout.write('held')
setTimeout(() => database.close(), Number(ms))
