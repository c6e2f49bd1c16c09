import { describe, expect, it } from 'vitest'
import { passwordFault } from '#api/passwordRule'

const fault = (chosen: string, name = 'lina', old = 'old one!') => passwordFault(chosen, { name, old })

describe('a password that somebody chooses', () => {
  it.each([
    ['七个汉字不够长', 'password-short'],
    ['1234567', 'password-short'],
    ['old one!', 'password-same'],
    ['aaaaaaaa', 'password-guessed'],
    ['12345678', 'password-guessed'],
    ['hgfedcba', 'password-guessed'],
    ['my-LiNa-2026', 'password-guessed'],
  ])('%s is refused', (chosen, why) => expect(fault(chosen)).toBe(why))

  it.each(['八个汉字就是够了', 'abcdefgi', 'four plain words', `${'a'.repeat(199)}b`])('%s is taken', chosen =>
    expect(fault(chosen)).toBeUndefined(),
  )
})
