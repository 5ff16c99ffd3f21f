const NAMES = [
  /^\.env(?!\.(?:example|sample|template|dist)$)(?:\..+)?$/i,
  /^\.envrc$/i,
  /^[\w-]+\.env$/i,
  /\.(?:pem|key|p12|pfx|ppk|jks|kdbx?|keystore|ovpn|keytab|gpg|asc|age)$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)(?!.*\.pub$)/i,
  /^[._](?:netrc|pgpass|pypirc|npmrc|yarnrc|htpasswd|git-credentials|dockercfg|my\.cnf|boto|s3cfg|passwd|renviron|databrickscfg|vault-token|cdsapirc|ecmwfapirc|dbpass|openai|anthropic|condarc-token)$/i,
  /^(?:credentials?|secrets?|tokens?|api[-_]?keys?|passwords?|service[-_]account(?:[-_]key)?|auth[-_]token|client[-_]secrets?)(?:\.(?:json|ya?ml|toml|ini|cfg|conf|txt|env))?$/i,
  /^(?:kaggle|application_default_credentials|access_tokens|adc|oauth2?[-_]token|gha-creds-\w+)\.(?:json|db)$/i,
  /^(?:krb5cc_\w+|\.?htpasswd|known_hosts\.old|shadow|hf_token|\.hf_token|wandb_key|kubeconfig)$/i
];

/** Where tools keep what opens doors: a file's own name need not tell. */
const PLACES = [
  /\/\.ssh\/(?!(?:config|known_hosts)$)(?!.*\.pub$).+$/,
  /\/\.aws\/(?:credentials|cli\/cache\/.+|sso\/cache\/.+)$/,
  /\/\.azure\/.+$/,
  /\/\.kube\/.+$/,
  /\/\.docker\/config\.json$/,
  /\/\.gnupg\/.+$/,
  /\/\.config\/(?:gcloud|gh|hub|rclone|op)\/.+$/,
  /\/\.(?:cache\/)?huggingface\/(?:token|stored_tokens)$/,
  /\/\.netrc\.d\/.+$/,
  /\/\.cargo\/credentials(?:\.toml)?$/,
  /\/\.kaggle\/.+$/,
  /\/\.config\/(?:wandb|netlify|doctl)\/.+$/,
  /\/\.streamlit\/secrets\.toml$/,
  /\/\.terraform\.d\/credentials.+$/,
  /\/\.git\/(?:config|credentials)$/
];

/** Kinds of files that are data or code whatever their name says. */
const NO_SECRETS = /\.(?:py|ipynb|csv|tsv|parquet|npy|npz|md|rst|html|png|jpe?g|pub)$/i;

/** Whether a file's well-known name or place says that it holds a secret: such never travel unasked. */
export function isSecret(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (PLACES.some(pattern => pattern.test(path))) {
    return true;
  }
  return !NO_SECRETS.test(name) && NAMES.some(pattern => pattern.test(name));
}
