, kept AS (
    INSERT INTO network_contact AS c (workspace_id, circle_id, low_id, high_id, sum_out, sum_in, moments, written_out,
        written_in, called_out, called_in, chatted_out, chatted_in, posted_out, posted_in, together, first_at, last_at, is_worn)
    SELECT the_workspace, circle, low, high, trim_scale(sum_out), trim_scale(sum_in), moments, coalesce(written_out, 0), coalesce(written_in, 0),
           coalesce(called_out, 0), coalesce(called_in, 0), coalesce(chatted_out, 0), coalesce(chatted_in, 0),
           coalesce(posted_out, 0), coalesce(posted_in, 0), coalesce(together, 0), first_at, last_at, is_worn
      FROM deltas
     WHERE sum_out <> 0 OR sum_in <> 0 OR moments <> 0 OR coalesce(written_out, 0) <> 0 OR coalesce(written_in, 0) <> 0
        OR coalesce(called_out, 0) <> 0 OR coalesce(called_in, 0) <> 0 OR coalesce(chatted_out, 0) <> 0
        OR coalesce(chatted_in, 0) <> 0 OR coalesce(posted_out, 0) <> 0 OR coalesce(posted_in, 0) <> 0
        OR coalesce(together, 0) <> 0
        -- What weighs nothing took place at another time.
        OR shift <> 0
     ORDER BY low, high, circle
        ON CONFLICT (workspace_id, low_id, high_id, circle_id) DO UPDATE
       SET sum_out = trim_scale(c.sum_out + EXCLUDED.sum_out), sum_in = trim_scale(c.sum_in + EXCLUDED.sum_in),
           moments = c.moments + EXCLUDED.moments,
           written_out = c.written_out + EXCLUDED.written_out, written_in = c.written_in + EXCLUDED.written_in,
           called_out = c.called_out + EXCLUDED.called_out, called_in = c.called_in + EXCLUDED.called_in,
           chatted_out = c.chatted_out + EXCLUDED.chatted_out, chatted_in = c.chatted_in + EXCLUDED.chatted_in,
           posted_out = c.posted_out + EXCLUDED.posted_out, posted_in = c.posted_in + EXCLUDED.posted_in,
           together = c.together + EXCLUDED.together,
           first_at = least(c.first_at, EXCLUDED.first_at), last_at = greatest(c.last_at, EXCLUDED.last_at),
           is_worn = c.is_worn OR EXCLUDED.is_worn
    RETURNING c.id
)
