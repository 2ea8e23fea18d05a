export declare function installTestTools(name?: string): void;
