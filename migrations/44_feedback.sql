-- Ratings of answers by customers and staff, and of conversations by customers.

SET LOCAL lock_timeout = '3s';

-- The message that is rated. Only replies are indexed. If the table is large, build the index before (see
-- docs/changing-the-schema.md). It starts with message_id so that no plan of another statement can choose it.
CREATE INDEX IF NOT EXISTS messages_replies ON messages (message_id) WHERE sender_type = 'assistant';

-- The customer has one rating for each answer, and the staff together one. A later one replaces it.
CREATE TABLE message_feedback (
    business_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('customer', 'staff')),
    message_id UUID NOT NULL,  -- the reply of the turn
    author_id UUID REFERENCES users (user_id) ON DELETE SET NULL,  -- the member of the staff; NULL: an API key
    rating TEXT NOT NULL CHECK (rating IN ('good', 'bad')),
    comment TEXT,
    correct_answer TEXT,  -- what the reply should have been, by staff
    is_example BOOLEAN NOT NULL DEFAULT false,  -- whether prompts may contain it, by staff: {good_examples}
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),  -- of the first rating
    resolved_at TIMESTAMPTZ,  -- when the bad answer left the queue
    resolution TEXT CHECK (resolution IN ('article', 'stage', 'marked_good', 'dismissed')),
    article_id UUID,  -- the article that was written
    PRIMARY KEY (business_id, turn_id, source),
    CONSTRAINT message_feedback_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE,
    CONSTRAINT message_feedback_article_fkey FOREIGN KEY (business_id, article_id)
        REFERENCES articles (business_id, article_id) ON DELETE SET NULL (article_id)
);
-- Pages of all feedback, newest first.
CREATE INDEX message_feedback_in_order ON message_feedback (business_id, created_at, turn_id);
-- The queue of bad answers.
CREATE INDEX message_feedback_open ON message_feedback (business_id, created_at, turn_id)
    WHERE rating = 'bad' AND resolved_at IS NULL;
-- The examples for prompts.
CREATE INDEX message_feedback_examples ON message_feedback (business_id, created_at, turn_id) WHERE is_example;
-- The foreign keys.
CREATE INDEX message_feedback_of_author ON message_feedback (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX message_feedback_of_article ON message_feedback (business_id, article_id) WHERE article_id IS NOT NULL;

CREATE TABLE conversation_ratings (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    rating SMALLINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),  -- of the first rating
    PRIMARY KEY (business_id, conversation_id),
    CONSTRAINT conversation_ratings_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
);

-- Figures contain the ratings (42_analytics.sql).
CREATE TRIGGER message_feedback_note AFTER INSERT OR UPDATE OF rating OR DELETE ON message_feedback
    FOR EACH ROW EXECUTE FUNCTION note_part_of_turn_v1();
CREATE TRIGGER conversation_ratings_note AFTER INSERT OR UPDATE OF rating OR DELETE ON conversation_ratings
    FOR EACH ROW EXECUTE FUNCTION note_part_of_conversation_v1();

-- The ratings of a turn's reply as the API shows them; an empty list without any.
CREATE FUNCTION message_feedback_v1(p_business_id UUID, p_turn_id UUID) RETURNS JSONB
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT COALESCE(jsonb_agg(jsonb_build_object(
            'source', f.source, 'rating', f.rating, 'comment', f.comment, 'correct_answer', f.correct_answer,
            'is_example', f.is_example, 'author_id', f.author_id,
            'author_name', display_name(u.first_name, u.last_name, u.email, NULL),
            'created_at', f.created_at, 'resolved_at', f.resolved_at, 'resolution', f.resolution,
            'article_id', f.article_id) ORDER BY f.source), '[]')
        FROM message_feedback f
        LEFT JOIN users u ON u.user_id = f.author_id AND u.business_id IS NULL
        WHERE f.business_id = p_business_id AND f.turn_id = p_turn_id);
END
$$;
