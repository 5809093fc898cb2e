import { build } from '../../../tsup.base.ts'

export default build({
  index: 'src/index.ts',
  fake: 'src/fake/index.ts',
  sqlite: 'src/sqlite-workiz-store.ts',
})
