export const layers: Record<string, string[]>;
export const ioModules: string[];
