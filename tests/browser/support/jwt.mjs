// Tokens that say who a visitor is, as a shop's server signs them, and ones that nobody should believe.
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const now = () => Math.floor(Date.now() / 1000);

/** Claims of a good token. */
export const claims = (name, more = {}) => ({
  scope: 'user',
  external_id: name,
  iat: now(),
  exp: now() + 600,
  jti: randomUUID(),
  ...more,
});

/** A token; header and claims may be texts that are no JSON. */
export function token(gateway, payload, header = {}, { hash = 'sha256', secret = gateway.secret } = {}) {
  const head = typeof header === 'string' ? header : { alg: 'HS256', typ: 'JWT', kid: gateway.key, ...header };
  const signed = `${encode(head)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/** Named tokens, none of which may open a session. */
export function malformed(gateway) {
  const good = token(gateway, claims('mallory'));
  const [head, body, end] = good.split('.');
  const withClaims = (more) => token(gateway, claims('mallory', more));
  const without = (name) => {
    const { [name]: _, ...rest } = claims('mallory');
    return token(gateway, rest);
  };
  const withHead = (header, more) => token(gateway, claims('mallory'), header, more);
  const unsigned = (header, signature = '') => `${encode(header)}.${body}.${signature}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = (header) => {
    const signed = `${encode(header)}.${body}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };
  return {
    'empty text': '',
    'one part': 'abc',
    'two parts': `${head}.${body}`,
    'four parts': `${good}.${end}`,
    'five parts as of an encrypted token': `${head}.${body}.${end}.${head}.${body}`,
    'dots only': '..',
    'no signature': `${head}.${body}.`,
    'no header': `.${body}.${end}`,
    'no claims': `${head}..${end}`,
    'no base64': `${head}.???.${end}`,
    'standard base64 signature': `${head}.${body}.${Buffer.from(end, 'base64url').toString('base64')}=`,
    'padded parts': `${head}==.${body}==.${end}==`,
    'a space in front': ` ${good}`,
    'a line break behind': `${good}\n`,
    'the word Bearer in front': `Bearer ${good}`,
    'header that is no JSON': token(gateway, claims('mallory'), '{alg:HS256}'),
    'header that is a list': token(gateway, claims('mallory'), '["HS256"]'),
    'header that is null': token(gateway, claims('mallory'), 'null'),
    'claims that are no JSON': token(gateway, 'mallory'),
    'claims that are a list': token(gateway, '[]'),
    'claims that are null': token(gateway, 'null'),
    'claims that are cut': token(gateway, JSON.stringify(claims('mallory')).slice(0, -1)),
    'too long': withClaims({ padding: 'x'.repeat(5000) }),
    'alg none': unsigned({ alg: 'none', kid: gateway.key }),
    'alg None': unsigned({ alg: 'None', kid: gateway.key }),
    'alg NONE': unsigned({ alg: 'NONE', kid: gateway.key }),
    'alg nOnE with a signature': unsigned({ alg: 'nOnE', kid: gateway.key }, end),
    'alg empty': unsigned({ alg: '', kid: gateway.key }, end),
    'alg missing': unsigned({ kid: gateway.key }, end),
    'alg a number': unsigned({ alg: 256, kid: gateway.key }, end),
    'alg HS384': withHead({ alg: 'HS384' }, { hash: 'sha384' }),
    'alg HS512': withHead({ alg: 'HS512' }, { hash: 'sha512' }),
    'alg RS256 signed with the secret': withHead({ alg: 'RS256' }),
    'alg RS256 with a key of ours': rsa({ alg: 'RS256', kid: gateway.key }),
    'alg HS256 said, RSA signed': rsa({ alg: 'HS256', kid: gateway.key }),
    'alg ES256': withHead({ alg: 'ES256' }),
    'alg EdDSA': withHead({ alg: 'EdDSA' }),
    'another secret': withHead({}, { secret: 'not the secret' }),
    'an empty secret': withHead({}, { secret: '' }),
    'the secret in capitals': withHead({}, { secret: gateway.secret.toUpperCase() }),
    'the key id as the secret': withHead({}, { secret: gateway.key }),
    'a signature of other claims': `${head}.${encode(claims('camille'))}.${end}`,
    'a flipped bit in the signature': `${head}.${body}.${end[0] === 'A' ? 'B' : 'A'}${end.slice(1)}`,
    'a short signature': `${head}.${body}.${end.slice(0, 20)}`,
    'kid missing': withHead({ kid: undefined }),
    'kid empty': withHead({ kid: '' }),
    'kid of nobody': withHead({ kid: 'app_000000000000000000000000' }),
    'kid a path': withHead({ kid: '../../../../dev/null' }, { secret: '' }),
    'kid a query': withHead({ kid: "x' OR '1'='1" }),
    'kid a list': withHead({ kid: [gateway.key] }),
    'key inside the header': withHead({ kid: undefined, jwk: { kty: 'oct', k: encode('x') } }, { secret: 'x' }),
    'key at an address': withHead({ kid: undefined, jku: 'https://evil.example/keys' }, { secret: 'x' }),
    'crit that nobody knows': withHead({ crit: ['b64'], b64: false, alg: 'HS512' }, { hash: 'sha512' }),
    'scope missing': without('scope'),
    'scope app': withClaims({ scope: 'app' }),
    'scope account': withClaims({ scope: 'account' }),
    'scope integration': withClaims({ scope: 'integration' }),
    'scope in capitals': withClaims({ scope: 'USER' }),
    'scope a list': withClaims({ scope: ['user'] }),
    'external id missing': without('external_id'),
    'external id empty': withClaims({ external_id: '' }),
    'external id of spaces': withClaims({ external_id: '   ' }),
    'external id a number': withClaims({ external_id: 42 }),
    'external id null': withClaims({ external_id: null }),
    'external id an object': withClaims({ external_id: { $ne: '' } }),
    'external id too long': withClaims({ external_id: 'x'.repeat(1025) }),
    'exp missing': without('exp'),
    'exp passed': withClaims({ exp: now() - 120 }),
    'exp zero': withClaims({ exp: 0 }),
    'exp negative': withClaims({ exp: -1 }),
    'exp a text': withClaims({ exp: String(now() + 600) }),
    'exp null': withClaims({ exp: null }),
    'exp a list': withClaims({ exp: [now() + 600] }),
    'exp in milliseconds': withClaims({ exp: Date.now() + 600_000 }),
    'exp in a week': withClaims({ exp: now() + 7 * 86_400 }),
    'exp beyond numbers': token(gateway, JSON.stringify(claims('mallory')).replace(/"exp":\d+/, '"exp":1e400')),
    'iat tomorrow': withClaims({ iat: now() + 86_400 }),
    'iat a text': withClaims({ iat: 'now' }),
    'nbf tomorrow': withClaims({ nbf: now() + 3600 }),
    'nbf an object': withClaims({ nbf: {} }),
    'jti a number': withClaims({ jti: 7 }),
    'jti empty': withClaims({ jti: '' }),
  };
}
