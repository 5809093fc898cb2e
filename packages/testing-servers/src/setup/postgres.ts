import { beforeTests } from './before-tests.js'
import { postgres } from './kinds.js'

export default beforeTests(postgres)
