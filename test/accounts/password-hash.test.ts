import assert from 'node:assert/strict'
import { passwordHasher } from '../../accounts/password-hash.js'

describe('hashes of passwords (issue 5, argon2id)', () => {
  const passwords = passwordHasher()

  it('cost what OWASP asks for, and name it', async () => {
    assert.match(await passwords.hash('seven otters'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('differ each time, and hold for the password alone, however its characters are composed', async () => {
    const [one, other] = [await passwords.hash('caf\u00e9 otters'), await passwords.hash('caf\u00e9 otters')]
    assert.notEqual(one, other)
    assert.equal(await passwords.verify('cafe\u0301 otters', one), true)
    assert.equal(await passwords.verify('cafe otters', one), false)
    assert.equal(await passwords.verify('', one), false)
  })

  it('outlast a change of the cost, for they name their own', async () => {
    const before = await passwordHasher({ memorySize: 64, iterations: 1 }).hash('seven otters')
    assert.equal(await passwords.verify('seven otters', before), true)
  })

  it('are compared where there is nobody, too, and no password is right', async () => {
    assert.equal(await passwords.verify('seven otters', undefined), false)
  })
})
