using Harness.Datasets.Places;
using Harness.Torch;
using Suites.PlaceRecognition.Matching;

namespace Suites.PlaceRecognition.Modules;

/// <summary>
/// Modules that each know some consecutive places, asked together: a place scores the mean spikes of the neurons that stand for it, and
/// silenced neurons stand for none.
/// </summary>
sealed class PlaceEnsemble : IModel<PlaceImage, PlacePrediction>
{
    public const int Side = 28;
    public const int Patch = 7;
    const int Pixels = Side * Side;

    readonly Region[] regions;
    readonly int seed, threads, most;

    PlaceEnsemble(Region[] regions, int seed, int threads, int most) =>
        (this.regions, this.seed, this.threads, this.most) = (regions, seed, threads, most);

    /// <summary>A module, its places, the place that each of its neurons stands for (-1: none), and who has a say.</summary>
    sealed record Region(PlaceModule Module, PlaceImage[] Images)
    {
        public int[] Places { get; set; } = [];
        public int[] Foreign { get; set; } = [];
        public bool[] Silent { get; set; } = [];
    }

    /// <summary>Trains the modules on the reference images, and finds which places their neurons stand for.</summary>
    /// <returns>The ensemble, and the point of the last epoch, which is not reported yet.</returns>
    public static (PlaceEnsemble Ensemble, TrainingPoint Last) Train(IReadOnlyList<PlaceImage> reference, int placesPerModule, int neurons,
        int epochs, RunContext context)
    {
        var start = context.Time.GetTimestamp();
        // A place may have been seen in several seasons.
        var chunks = reference.GroupBy(image => image.Label).OrderBy(place => place.Key).Chunk(placesPerModule)
            .Select(places => places.SelectMany(images => images).ToArray()).ToArray();
        SampleOrder[] chances = [.. chunks.Select((_, index) => new SampleOrder(unchecked(context.Seed * 7919L + index)))];
        Region[] made = [.. chunks.Select((chunk, index) => new Region(new(Pixels, neurons, chances[index]), chunk))];
        TrainingPoint? last = null;
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            if (last is not null) context.Progress.Report(last);
            var moved = new double[made.Length];
            Parallel.For(0, made.Length, Options(context.Threads, context.Cancellation),
                index => moved[index] = Learn(made[index], chances[index]));
            // Nothing is minimised: what is shown is how far weights still move.
            last = new(epoch, moved.Average(), null, context.Time.GetElapsedTime(start).TotalSeconds)
            {
                Note = epoch == 1 ? "in place of a loss: mean change of a weight in the epoch" : null,
            };
        }
        var ensemble = new PlaceEnsemble(made, context.Seed, context.Threads, reference.Max(image => image.Label) + 1);
        ensemble.Assign(reference, context.Cancellation);
        return (ensemble, last!);
    }

    // One epoch; gives the mean change of a weight.
    static double Learn(Region region, SampleOrder chance)
    {
        var before = region.Module.Weights.ToArray();
        foreach (var image in region.Images)
        {
            region.Module.Normalize();
            region.Module.Show(View(image), learn: true, chance);
        }
        var (after, sum) = (region.Module.Weights.ToArray(), 0.0);
        for (var synapse = 0; synapse < before.Length; synapse++) sum += Math.Abs(after[synapse] - before[synapse]);
        return sum / before.Length;
    }

    // A neuron stands for the place of its own region that it answers to most.
    void Assign(IReadOnlyList<PlaceImage> reference, CancellationToken cancellation)
    {
        var (responses, order) = (Responses(reference, cancellation), reference.Select(image => image.Label).ToArray());
        for (var at = 0; at < regions.Length; at++)
        {
            var (region, neurons) = (regions[at], responses[0][at].Length);
            var own = region.Images.Select(image => image.Label).ToHashSet();
            var (places, best, foreign) = (new int[neurons], new int[neurons], new int[neurons]);
            Array.Fill(places, -1);
            for (var image = 0; image < reference.Count; image++)
                for (var neuron = 0; neuron < neurons; neuron++)
                {
                    var spikes = responses[image][at][neuron];
                    if (spikes > 0 && !own.Contains(order[image])) foreign[neuron]++;
                    if (spikes > best[neuron] && own.Contains(order[image])) (best[neuron], places[neuron]) = (spikes, order[image]);
                }
            (region.Places, region.Foreign, region.Silent) = (places, foreign, new bool[neurons]);
        }
    }

    /// <summary>
    /// Silences neurons by the number of foreign reference images that they fire for, at the threshold of
    /// <paramref name="candidates"/> that answers most of <paramref name="calibration"/> rightly; of equal ones the largest.
    /// </summary>
    /// <returns>The threshold, and how many neurons were silenced.</returns>
    public (int? Threshold, int Silenced) Silence(Silencing rule, IReadOnlyList<PlaceImage> calibration, IReadOnlyList<int> candidates,
        CancellationToken cancellation)
    {
        if (rule == Silencing.None) return (null, 0);
        if (calibration.Count == 0)
            throw new TrainingFailedException("There are no calibration queries to choose the threshold of hyperactive neurons by; choose "
                + "silencing: none, or a protocol with a validation part.");
        var responses = Responses(calibration, cancellation);
        var (chosen, score) = (int.MaxValue, Right(responses, calibration));
        foreach (var threshold in candidates.OrderDescending())
        {
            Apply(threshold);
            if (Right(responses, calibration) is var right && right > score) (chosen, score) = (threshold, right);
        }
        Apply(chosen);
        if (rule == Silencing.Random) Redraw();
        return (chosen == int.MaxValue ? null : chosen, regions.Sum(region => region.Silent.Count(silent => silent)));
    }

    void Apply(int threshold)
    {
        foreach (var region in regions) region.Silent = Array.ConvertAll(region.Foreign, foreign => foreign >= threshold);
    }

    void Redraw()
    {
        for (var at = 0; at < regions.Length; at++)
        {
            var silent = new bool[regions[at].Silent.Length];
            var order = new SampleOrder(seed * 104729L + at).Permutation(silent.Length);
            foreach (var neuron in order.Take(regions[at].Silent.Count(one => one))) silent[neuron] = true;
            regions[at].Silent = silent;
        }
    }

    int Right(int[][][] responses, IReadOnlyList<PlaceImage> queries) => responses.Zip(queries).Count(pair =>
        Math.Abs(Answer(pair.First).Places[0] - pair.Second.Label) <= pair.Second.Tolerance);

    PlacePrediction Answer(int[][] responses)
    {
        var (sums, members) = (new double[most], new int[most]);
        for (var at = 0; at < regions.Length; at++)
            for (var neuron = 0; neuron < responses[at].Length; neuron++)
            {
                if (regions[at].Places[neuron] is < 0 and var none || regions[at].Silent[neuron]) continue;
                sums[regions[at].Places[neuron]] += responses[at][neuron];
                members[regions[at].Places[neuron]]++;
            }
        for (var place = 0; place < most; place++) sums[place] /= Math.Max(1, members[place]);
        return PlacePrediction.Of(sums);
    }

    /// <summary>[image][module][neuron] spikes; each image from rest, its train drawn from its own pixels.</summary>
    int[][][] Responses(IReadOnlyList<PlaceImage> images, CancellationToken cancellation)
    {
        var responses = images.Select(_ => new int[regions.Length][]).ToArray();
        float[][] views = [.. images.Select(View)];
        Parallel.For(0, regions.Length, Options(threads, cancellation), at =>
        {
            for (var image = 0; image < images.Count; image++)
            {
                var module = regions[at].Module;
                module.Quiet();
                module.Show(views[image], learn: false, SampleOrder.Of(images[image].Pixels.Span, seed * 1000L + at),
                    rest: false);
                responses[image][at] = module.Counts.ToArray();
            }
        });
        return responses;
    }

    // Within a deviation of the mean of its patch, as 0..255.
    static float[] View(PlaceImage image) => Array.ConvertAll(Descriptors.Normalized(image, Side, Side, Patch),
        value => (Math.Clamp(value, -1, 1) + 1) * 127.5f);

    static ParallelOptions Options(int threads, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };

    public Footprint Footprint => new(regions.Sum(region => (long)Pixels * region.Places.Length),
        regions.Sum(region => (long)(Pixels + 2) * region.Places.Length * sizeof(float)), 8 * sizeof(float));

    public IReadOnlyList<PlacePrediction> Predict(IReadOnlyList<PlaceImage> batch) => [.. Responses(batch, default).Select(Answer)];

    public OperationCounts Count(IReadOnlyList<PlaceImage> batch)
    {
        var (events, spikes) = (regions.Sum(region => region.Module.Events), regions.Sum(region => region.Module.Spikes));
        Predict(batch);
        var neurons = regions.Sum(region => (long)region.Places.Length);
        double Mean(long sum) => (double)sum / batch.Count;
        return new(
        [
            new("modules.synapses", "linear", 0, Mean(regions.Sum(region => region.Module.Events) - events),
                (double)regions.Sum(region => region.Module.Synapses) * ModuleRules.PresentedSteps)
            {
                WeightBytes = Footprint.Bytes, TimeSteps = ModuleRules.PresentedSteps,
            },
            new("modules.neurons", "lif", 0, 0, 0)
            {
                Spikes = Mean(regions.Sum(region => region.Module.Spikes) - spikes), TimeSteps = ModuleRules.PresentedSteps,
                NeuronUpdates = 2.0 * neurons * ModuleRules.PresentedSteps,
                FiringRate = Mean(regions.Sum(region => region.Module.Spikes) - spikes) / (neurons * ModuleRules.PresentedSteps),
            },
        ], batch.Count);
    }

    public void Dispose() { }
}
