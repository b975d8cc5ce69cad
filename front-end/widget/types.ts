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
  can_rate: boolean;
  rating: 'good' | 'bad' | null;
}

export interface Appearance {
  name: string;
  greeting: string | null;
  starters: string[];
  away_message: string | null;
  color: string;
  language: string;
  /** Whether answers and conversations can be rated. */
  ratings: boolean;
}

export interface State {
  conversation_id: string | null;
  /** Whether a person handles the conversation. */
  with_person: boolean;
  /** Whether the assistant is working on an answer. */
  is_answering: boolean;
  /** When the team is back; null within business hours. */
  away_until: string | null;
  /** Whether the conversation has ended. */
  is_completed: boolean;
  /** Of the conversation, from 1 to 5. */
  rating: number | null;
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
