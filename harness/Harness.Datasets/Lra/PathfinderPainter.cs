namespace Harness.Datasets.Lra;

/// <summary>An image and its answer: 1 when both markers lie on one snake.</summary>
sealed record PathfinderImage(byte[] Pixels, int Label);

/// <summary>
/// Draws Pathfinder images by the published procedure: two long snakes of paddles that begin a fixed distance apart and may not touch,
/// short
/// distractor snakes around them, a marker on the first end of one long snake, and a marker on the last end of the same or of the other.
/// </summary>
sealed class PathfinderPainter(PathfinderParameters parameters, Chance chance)
{
    const int PaddleTrials = 3;
    const int DistractorTrials = 5;

    /// <summary>
    /// A snake as it grows: where its last paddle is anchored, its direction, its ends, and the surroundings of the last paddle.
    /// </summary>
    sealed class Snake(Pixel first, Pixel pivot, double direction, PathfinderPatch surroundings)
    {
        public Pixel First { get; } = first;
        public Pixel Last { get; set; } = first;
        public Pixel Pivot { get; set; } = pivot;
        public double Direction { get; set; } = direction;
        public PathfinderPatch Surroundings { get; set; } = surroundings;
    }

    public PathfinderImage Paint()
    {
        while (true)
        {
            var margin = parameters.Margins[chance.Below(parameters.Margins.Count)];
            var (image, taken) = (new PathfinderCanvas(parameters.Side), new PathfinderCanvas(parameters.Side));
            if (TwoLongSnakesOrNull(image, taken, margin) is not { } snakes) continue;
            for (var i = 0; i < parameters.Distractors; i++)
                for (var trial = 0; trial < DistractorTrials; trial++)
                    if (TryDistractor(ref image, ref taken, margin)) break;
            var (label, marked) = (chance.Below(2), chance.Below(2));
            Mark(image, snakes[marked].First);
            Mark(image, snakes[label == 1 ? marked : 1 - marked].Last);
            return new(Bytes(image), label);
        }
    }

    Snake[]? TwoLongSnakesOrNull(PathfinderCanvas image, PathfinderCanvas taken, int margin)
    {
        taken.Frame(parameters.Padding);
        var frame = 2 * parameters.SeedDistance;
        if (SeedOrNull(image, taken, margin, frame, near: null) is not { } first) return null;
        if (SeedOrNull(image, taken, margin, frame, first.First) is not { } second) return null;
        Snake[] snakes = [first, second];
        for (var paddle = 1; paddle < parameters.ContourLength; paddle++)
            foreach (var snake in snakes)
                if (!TryExtend(snake, image, taken, margin)) return null;
        foreach (var snake in snakes) taken.Merge(snake.Surroundings);
        return snakes;
    }

    bool TryDistractor(ref PathfinderCanvas image, ref PathfinderCanvas taken, int margin)
    {
        var (newImage, newTaken) = (image.Copy(), taken.Copy());
        if (SeedOrNull(newImage, newTaken, margin, frame: 1, near: null) is not { } snake) return false;
        for (var paddle = 1; paddle < parameters.DistractorLength; paddle++)
            if (!TryExtend(snake, newImage, newTaken, margin)) return false;
        newTaken.Merge(snake.Surroundings);
        (image, taken) = (newImage, newTaken);
        return true;
    }

    /// <summary>The first paddle: anywhere free and inside the frame, or at the seed distance from another snake's first end.</summary>
    Snake? SeedOrNull(PathfinderCanvas image, PathfinderCanvas taken, int margin, int frame, Pixel? near)
    {
        for (var trial = 0; trial < PaddleTrials; trial++)
        {
            var direction = (chance.Below(360) - 180) * Math.PI / 180;
            Pixel? tail = near is { } other ? other.Nearest(chance.Below(360) * Math.PI / 180, parameters.SeedDistance)
                : FreeOrNull(taken, direction, margin, frame);
            if (tail is not { } first) return null;
            var head = first.Toward(direction, parameters.PaddleLength);
            var pivot = head.Toward(direction + Math.PI, parameters.PaddleLength + margin);
            if (!image.Holds(first) || !image.Holds(head) || !image.Holds(pivot)) continue;
            image.Merge(Paddle(first, head));
            return new(first, pivot, direction, Surroundings(first, head, margin));
        }
        return null;
    }

    /// <summary>A pixel from which a paddle in this direction touches nothing that is taken; uniformly among all such.</summary>
    Pixel? FreeOrNull(PathfinderCanvas taken, double direction, int margin, int frame)
    {
        var framed = taken.Copy();
        framed.Frame(frame);
        var free = new List<Pixel>();
        for (var row = 0; row < parameters.Side; row++)
            for (var column = 0; column < parameters.Side; column++)
                if (IsFree(framed, new(row, column), direction, margin)) free.Add(new(row, column));
        return free.Count == 0 ? null : free[chance.Below(free.Count)];
    }

    bool IsFree(PathfinderCanvas framed, Pixel tail, double direction, int margin)
    {
        for (var step = 0; step <= parameters.PaddleLength + margin; step++)
            if (tail.Nearest(direction, step) is var pixel && (!framed.Holds(pixel) || framed[pixel] > 0.3f)) return false;
        return true;
    }

    bool TryExtend(Snake snake, PathfinderCanvas image, PathfinderCanvas taken, int margin)
    {
        var pivot = snake.Pivot.Toward(snake.Direction, parameters.PaddleLength + 2 * margin);
        var candidates = Candidates(pivot, snake.Direction, parameters.PaddleLength + margin, taken, margin);
        var total = candidates.Sum(candidate => candidate.Weight);
        if (total < 1e-4) return false;
        for (var trial = 0; trial < PaddleTrials; trial++)
        {
            var head = Pick(candidates, chance.Unit() * total);
            var direction = Math.Atan2(head.Row - pivot.Row, head.Column - pivot.Column);
            var tail = head.Toward(direction + Math.PI, parameters.PaddleLength);
            var surroundings = Surroundings(head, tail, margin);
            if (taken.Overlaps(surroundings)) continue;
            image.Merge(Paddle(head, tail));
            taken.Merge(snake.Surroundings);
            (snake.Pivot, snake.Direction, snake.Last, snake.Surroundings) = (pivot, direction, head, surroundings);
            return true;
        }
        return false;
    }

    /// <summary>Pixels on a circle around the pivot, weighed by how straight they go on and how free they are.</summary>
    List<(Pixel Head, double Weight)> Candidates(Pixel pivot, double direction, int radius, PathfinderCanvas taken, int margin)
    {
        var candidates = new List<(Pixel, double)>();
        var seen = new HashSet<Pixel>();
        var steps = (int)Math.Ceiling(2 * Math.PI * radius);
        for (var i = 0; i < steps; i++)
        {
            var head = pivot.Nearest(i / (double)radius, radius);
            if (!taken.Holds(head) || !seen.Add(head)) continue;
            var turn = Math.Abs(Math.IEEERemainder(Math.Atan2(head.Row - pivot.Row, head.Column - pivot.Column) - direction, 2 * Math.PI));
            var straight = Math.Cos(Math.Min(turn * parameters.Continuity, Math.PI / 2));
            candidates.Add((head, (1 - taken.Largest(head, margin)) * straight * straight));
        }
        return candidates;
    }

    static Pixel Pick(List<(Pixel Head, double Weight)> candidates, double draw)
    {
        foreach (var (head, weight) in candidates)
            if ((draw -= weight) < 0) return head;
        return candidates.FindLast(candidate => candidate.Weight > 0).Head;
    }

    PathfinderPatch Paddle(Pixel start, Pixel end) => PathfinderPatch.Capsule(parameters.Side, start, end,
        Math.Max(parameters.PaddleThickness / 2, 0.5), (float)Math.Min(1, parameters.Contrast));

    PathfinderPatch Surroundings(Pixel start, Pixel end, int margin) =>
        PathfinderPatch.Capsule(parameters.Side, start, end, parameters.PaddleThickness / 2 + margin);

    void Mark(PathfinderCanvas image, Pixel end) =>
        image.Merge(PathfinderPatch.Capsule(parameters.Side, end, end, parameters.MarkerRadius));

    static byte[] Bytes(PathfinderCanvas image)
    {
        var bytes = new byte[image.Values.Length];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Math.Round(255 * image.Values[i]);
        return bytes;
    }
}
