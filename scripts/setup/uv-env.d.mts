export function uvEnvFrom(pipConfigList: string): Record<string, string>;
