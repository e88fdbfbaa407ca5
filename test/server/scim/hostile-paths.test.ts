import { aUser, replace, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'

forEachDatabaseInTime((database) => {
  describe('ids in the path that no resource can have (SCIM.md check 70)', () => {
    const app = useApp(database)
    const ids = ['%00', 'a%00b', '%ED%A0%80', '%', '..%2f..', 'x'.repeat(5_000)]

    for (const id of ids)
      it(`/Users/${id.slice(0, 20)} and /Groups/${id.slice(0, 20)} are 404 for every method`, async () => {
        const okta = await app.aConnection()
        for (const type of ['Users', 'Groups']) {
          const path = `/${type}/${id}`
          await okta.get(path).expect(404)
          await okta.patch(path, replace('displayName', 'x')).expect(404)
          await okta.delete(path).expect(404)
        }
        await okta.put(`/Users/${id}`, aUser()).expect(404)
      })
  })
})
