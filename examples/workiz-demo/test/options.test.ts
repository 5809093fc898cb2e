import { expect, test } from 'vitest'
import { readOptions } from '../src/options.js'

test('without any, the run is of the default size, in the folder of the demo', () => {
  expect(readOptions([], {})).toMatchObject({
    fresh: false,
    help: false,
    records: undefined,
    apiToken: 'api_demo',
  })
  expect(readOptions([], {}).data).toMatch(/workiz-demo.data$/)
})

test.each([
  [['--what'], {}, "Unknown option '--what'. See --help."],
  [['more'], {}, "Unexpected argument 'more'"],
  [['--records'], {}, "Option '--records <value>' argument missing. See --help."],
  [['--records', 'many'], {}, '--records must be a whole number from 20 to 100,000, not "many".'],
  [['--records', '19'], {}, 'from 20'],
  [['--records', '-5'], {}, '--records'],
  [['--records', '1e3'], {}, '"1e3"'],
  [['--data', ''], {}, '--data needs a folder.'],
  [['--fresh=yes'], {}, '--fresh'],
  [[], { WORKIZ_API_TOKEN: ' ' }, 'WORKIZ_API_TOKEN is empty.'],
])('%j with %j is told in one line', (args, env, message) => {
  expect(() => readOptions(args, env)).toThrow(expect.objectContaining({ name: 'Problem', exitCode: 2 }))
  expect(() => readOptions(args, env)).toThrow(message)
  expect(() => readOptions(args, env)).toThrow(/^[^\n]{1,110}$/)
})
