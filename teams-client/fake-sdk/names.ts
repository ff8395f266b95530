import type { Sdk } from '../src/parts';

/** A feature is asked for by its factory: here a name is enough. */
const factory = (name: string): unknown => ({ name });

export const FEATURES = {
  Recording: factory('Recording'),
  Transcription: factory('Transcription'),
  Captions: factory('Captions'),
  RaiseHand: factory('RaiseHand'),
  Reaction: factory('Reaction'),
  DominantSpeakers: factory('DominantSpeakers'),
  Capabilities: factory('Capabilities'),
  UserFacingDiagnostics: factory('UserFacingDiagnostics'),
} as Sdk['features'];
