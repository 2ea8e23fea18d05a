export declare function installTestTools(): void;
