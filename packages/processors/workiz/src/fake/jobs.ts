import type { WorkizJob, WorkizRecord } from '../client/types.js'

const hourMs = 3_600_000
const statuses = ['Canceled', 'Done', 'Done', 'Done', 'done pending approval', 'Pending', 'Pending'] as const

/** A made-up job, always the same for the same arguments. `dateTime` is wall clock time, as if it were UTC. */
export function makeJob(uuid: string, serial: number, dateTimeMs: number): WorkizJob {
  return {
    UUID: uuid,
    LocationId: 7,
    LocationKey: 'LA',
    SerialId: serial,
    ...dates(serial, dateTimeMs),
    ...money(serial),
    ...client(serial),
    Status: statuses[serial % 10] ?? 'Submitted',
    SubStatus: serial % 10 === 5 ? 'Waiting for parts' : '',
    Comments: serial % 3 === 0 ? 'Call before arrival' : '',
    JobType: pick(['Repair', 'Install', 'Maintenance'], serial),
    JobNotes: '',
    JobSource: pick(['Google', 'Referral', 'Website', 'Yelp'], serial),
    Tags: serial % 4 === 0 ? ['vip'] : [],
    CreatedBy: 'Office',
    Team: [teamMember(serial % 3)],
  }
}

function dates(serial: number, at: number): WorkizRecord {
  return {
    JobDateTime: wallTime(at),
    JobEndDateTime: wallTime(at + 2 * hourMs),
    CreatedDate: wallTime(at - 72 * hourMs),
    LastStatusUpdate: wallTime(at - 24 * hourMs),
    PaymentDueDate: serial % 2 === 0 ? wallTime(at + 720 * hourMs) : '',
  }
}

function money(serial: number): WorkizRecord {
  const price = 80 + ((serial * 37) % 900) + 0.5
  return {
    JobTotalPrice: price,
    JobAmountDue: serial % 2 === 0 ? price : 0,
    SubTotal: price,
    item_cost: serial % 50,
    tech_cost: 40,
    LineItems: [
      { Id: serial, Quantity: 1, Price: price, Cost: 0, Taxable: 0, Name: 'Service call', Type: 'service' },
    ],
  }
}

function client(serial: number): WorkizRecord {
  return {
    ClientId: 1_000 + (serial % 83),
    FirstName: pick(['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara'], serial),
    LastName: pick(['Field', 'Stone', 'Brook'], serial),
    Company: '',
    Phone: `555-01${String(serial % 100).padStart(2, '0')}`,
    Email: `client${serial % 83}@example.com`,
    Address: `${(serial * 7) % 1_000} Main St`,
    City: 'Los Angeles',
    State: 'CA',
    PostalCode: '90001',
    Country: 'US',
    Latitude: 34.05,
    Longitude: -118.24,
    Unit: serial % 5 === 0 ? `${serial % 40}B` : '',
  }
}

export function teamMember(index: number): WorkizRecord {
  return { id: 501 + index, Name: pick(['Sam Reed', 'Kim Vale', 'Lee Marsh'], index) }
}

export function wallTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

function pick(values: readonly string[], index: number): string {
  return values[index % values.length] ?? ''
}
