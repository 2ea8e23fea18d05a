// The settings: one table, read once from flags, environment, settings file and defaults.
export { createSettingWords, type SettingWords } from './setting-words.ts';
export {
  type LoadedConfig,
  loadConfig,
  type OptionName,
  optionNames,
  options,
  replyForm,
  sendsAtOnce,
} from './settings.ts';
