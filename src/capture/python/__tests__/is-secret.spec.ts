import { isSecret } from '../is-secret';

describe('isSecret', () => {
  it.each([
    '/p/.env',
    '/p/.env.local',
    '/p/prod.env',
    '/p/.envrc',
    '/home/me/.ssh/id_ed25519',
    '/home/me/.ssh/work_key',
    '/p/id_rsa',
    '/p/server.pem',
    '/p/server.key',
    '/home/me/.aws/credentials',
    '/home/me/.kube/config',
    '/home/me/.docker/config.json',
    '/home/me/.netrc',
    '/home/me/.pypirc',
    '/home/me/.Renviron',
    '/home/me/.databrickscfg',
    '/home/me/.cache/huggingface/token',
    '/home/me/.config/gcloud/application_default_credentials.json',
    '/p/application_default_credentials.json',
    '/p/credentials.json',
    '/p/client_secret.json',
    '/p/secrets.yaml',
    '/p/api_key.txt',
    '/p/tokens.json',
    '/p/kaggle.json',
    '/p/.streamlit/secrets.toml',
    '/p/.git/config',
    '/home/me/.gnupg/pubring.kbx'
  ])('%s is one', path => {
    expect(isSecret(path)).toBe(true);
  });

  it.each([
    '/p/.env.example',
    '/p/.env.template',
    '/p/tokens.py',
    '/p/token.py',
    '/p/tokenizer.json',
    '/p/tokenizer_config.json',
    '/p/special_tokens_map.json',
    '/p/secrets.csv',
    '/p/passwords.parquet',
    '/p/keys.npy',
    '/p/environment.yml',
    '/p/credentials_test_data.txt',
    '/p/monkey.json',
    '/p/config.json',
    '/p/docker/config.json',
    '/p/ssh/known.txt',
    '/home/me/.ssh/id_rsa.pub',
    '/home/me/.ssh/config',
    '/home/me/.aws/config',
    '/p/secret_santa.md',
    '/p/keynote.key.png'
  ])('%s is none', path => {
    expect(isSecret(path)).toBe(false);
  });
});
