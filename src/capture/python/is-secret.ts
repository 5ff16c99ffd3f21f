import { baseName } from '../posix-path';

const NAMES = [
  /^\.env(?!\.(?:example|sample|template)$)(?:\..+)?$/i,
  /\.(?:pem|key|p12|pfx|ppk|jks|kdbx|keystore|ovpn)$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/i,
  /^\.(?:netrc|pgpass|pypirc|npmrc|htpasswd|git-credentials|dockercfg)$/i,
  /^(?:credentials?|secrets?|tokens?|service[-_]account)(?:\.(?:json|ya?ml|toml|ini|txt))?$/i,
  /^kaggle\.json$/i
];

/** Whether a file's well-known name says that it holds a secret; such files never travel unasked. */
export function isSecret(path: string): boolean {
  const name = baseName(path);
  return NAMES.some(pattern => pattern.test(name));
}
