import { networkFaults } from './network-faults.js'

networkFaults('redis')
