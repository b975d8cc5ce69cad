/** What the server sends to the widget. */

export interface Message {
  message_id: string;
  conversation_id: string;
  seq: number;
  turn_id: string | null;
  sender: 'customer' | 'assistant' | 'person';
  name: string | null;
  text: string;
  buttons: string[];
  created_at: string;
}

export interface Appearance {
  name: string;
  greeting: string | null;
  starters: string[];
  away_message: string | null;
  color: string;
  language: string;
}

export interface State {
  conversation_id: string | null;
  /** Whether a person handles the conversation. */
  with_person: boolean;
  /** Whether the assistant is working on an answer. */
  is_answering: boolean;
  /** When the team is back; null within business hours. */
  away_until: string | null;
}

export interface Page {
  messages: Message[];
  has_earlier: boolean;
  state: State;
}

export interface Session extends Page {
  token: string;
  is_identified: boolean;
  appearance: Appearance;
}

export interface Accepted {
  message_id: string;
  conversation_id: string;
  turn_id: string;
  seq: number;
}
