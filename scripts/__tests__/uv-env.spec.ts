import { uvEnvFrom } from '../setup/uv-env.mjs';

describe("uv's settings from pip's", () => {
  it('carry a mirror over', () => {
    const lines = [
      "global.extra-index-url='https://a.example/simple https://b.example/simple'",
      "global.index-url='https://mirror.example/simple'"
    ];
    expect(uvEnvFrom(lines.join('\n'))).toEqual({
      UV_DEFAULT_INDEX: 'https://mirror.example/simple',
      UV_INDEX: 'https://a.example/simple https://b.example/simple'
    });
  });

  it("prefer pip's environment variable over its file", () => {
    const lines = [
      ":env:.find-links='/here'",
      "global.find-links='/there'",
      "user.find-links='/x'"
    ];
    expect(uvEnvFrom(lines.join('\n'))).toEqual({ UV_FIND_LINKS: '/here' });
  });

  it('say nothing where pip says nothing that uv knows', () => {
    expect(uvEnvFrom(":env:.default-timeout='180'\n")).toEqual({});
  });
});
