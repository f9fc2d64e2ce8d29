using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Suites.PlaceRecognition.Modules;

/// <summary>
/// Excitatory neurons that see all pixels through plastic, delayed synapses, each with an inhibitory partner that silences all others:
/// conductance-based, in steps of 0.5 ms. In a step: integration, thresholds, arrivals and plasticity, resets. Images are Poisson trains.
/// </summary>
sealed class PlaceModule
{
    static readonly float ExcitatoryKept = (float)Math.Exp(-ModuleRules.Step / ModuleRules.ExcitatoryTau);
    static readonly float InhibitoryKept = (float)Math.Exp(-ModuleRules.Step / ModuleRules.InhibitoryTau);
    static readonly float PostKept = (float)Math.Exp(-ModuleRules.Step / ModuleRules.PostTau);
    static readonly float SlowPostKept = (float)Math.Exp(-ModuleRules.Step / ModuleRules.SlowPostTau);
    static readonly int Slots = (int)(ModuleRules.LongestDelay / ModuleRules.Step) + 1;

    readonly int inputs, neurons;
    readonly float[] weights;
    readonly int[] targets, slots, places, arrived;
    readonly float[] v, excitation, inhibition, theta, post, slowPost;
    readonly float[] partnerV, partnerExcitation;
    readonly int[] ready, partnerReady, counts;
    readonly List<int>[] sent = [.. Enumerable.Range(0, Slots).Select(_ => new List<int>())];
    readonly List<int> fired = [], partners = [];
    readonly float[] fading;
    int step;

    public PlaceModule(int inputs, int neurons, SampleOrder chance)
    {
        (this.inputs, this.neurons) = (inputs, neurons);
        weights = new float[inputs * neurons];
        (targets, places, arrived) = (new int[weights.Length], new int[weights.Length], new int[weights.Length]);
        slots = new int[inputs * (Slots + 1)];
        (v, excitation, inhibition, theta) = (new float[neurons], new float[neurons], new float[neurons], new float[neurons]);
        (post, slowPost) = (new float[neurons], new float[neurons]);
        (partnerV, partnerExcitation) = (new float[neurons], new float[neurons]);
        (ready, partnerReady, counts) = (new int[neurons], new int[neurons], new int[neurons]);
        Array.Fill(theta, ModuleRules.FirstTheta);
        for (var input = 0; input < inputs; input++) Wire(input, chance);
        // What is left of a presynaptic trace after so many steps; beyond, nothing that a float32 weight would notice.
        fading = [.. Enumerable.Range(0, (int)(16 * ModuleRules.PreTau / ModuleRules.Step))
            .Select(age => (float)Math.Exp(-age * ModuleRules.Step / ModuleRules.PreTau))];
        Quiet();
    }

    /// <summary>[neuron] spikes in the last presentation.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>Synapses between pixels and neurons, and those inside the module.</summary>
    public long Synapses => (long)inputs * neurons + neurons + (long)neurons * (neurons - 1);

    /// <summary>Synapses that spikes reached since the start.</summary>
    public long Events { get; private set; }
    public long Spikes { get; private set; }

    /// <summary>Of all plastic synapses.</summary>
    public ReadOnlySpan<float> Weights => weights;

    /// <summary>The weight between a pixel and a neuron.</summary>
    public float Weight(int input, int neuron) => weights[input * neurons + places[input * neurons + neuron]];

    // The synapses of an input lie in the order of their delays, those of one delay side by side.
    void Wire(int input, SampleOrder chance)
    {
        var delays = new int[neurons];
        for (var neuron = 0; neuron < neurons; neuron++)
            delays[neuron] = (int)Math.Round(chance.Unit() * ModuleRules.LongestDelay / ModuleRules.Step);
        int[] order = [.. Enumerable.Range(0, neurons).OrderBy(neuron => delays[neuron])];
        for (var at = 0; at < neurons; at++)
        {
            targets[input * neurons + at] = order[at];
            places[input * neurons + order[at]] = at;
            weights[input * neurons + at] = (float)(0.3 * (chance.Unit() + 0.01));
            slots[input * (Slots + 1) + delays[order[at]] + 1]++;
        }
        for (var slot = 0; slot < Slots; slot++) slots[input * (Slots + 1) + slot + 1] += slots[input * (Slots + 1) + slot];
    }

    /// <summary>Puts all potentials to rest and forgets spikes; weights and thresholds stay.</summary>
    public void Quiet()
    {
        Array.Fill(v, ModuleRules.RestPotential);
        Array.Fill(partnerV, ModuleRules.InhibitorRest);
        foreach (var state in new[] { excitation, inhibition, post, slowPost, partnerExcitation }) Array.Clear(state);
        foreach (var state in new[] { ready, partnerReady }) Array.Clear(state);
        Array.Fill(arrived, int.MinValue / 2);
        foreach (var list in sent) list.Clear();
        step = 0;
    }

    /// <summary>Scales the weights into each neuron to the published sum.</summary>
    public void Normalize()
    {
        var sums = new float[neurons];
        for (var synapse = 0; synapse < weights.Length; synapse++) sums[targets[synapse]] += weights[synapse];
        for (var synapse = 0; synapse < weights.Length; synapse++)
            weights[synapse] *= ModuleRules.WeightSum / Math.Max(sums[targets[synapse]], 1e-6f);
    }

    /// <summary>Shows an image for 350 ms and nothing for 150 ms; <paramref name="intensities"/> [input] are 0..255.</summary>
    public void Show(ReadOnlySpan<float> intensities, bool learn, SampleOrder chance, bool rest = true)
    {
        Array.Clear(counts);
        var trains = new PoissonTrains(intensities, step, chance);
        for (var shown = 0; shown < ModuleRules.PresentedSteps; shown++) Advance(trains, learn);
        if (!rest) return;
        for (var waited = 0; waited < ModuleRules.RestSteps; waited++) Advance(null, learn);
    }

    void Advance(PoissonTrains? trains, bool learn)
    {
        Integrate();
        var now = sent[step % Slots];
        now.Clear();
        trains?.Take(step, now);
        Arrive(learn);
        foreach (var neuron in fired) Spread(neuron, learn);
        foreach (var partner in partners) Silence(partner);
        foreach (var neuron in fired) (v[neuron], ready[neuron]) = (ModuleRules.ResetPotential, step + 1 + ModuleRules.Refractory);
        foreach (var partner in partners)
            (partnerV[partner], partnerReady[partner]) = (ModuleRules.InhibitorReset, step + 1 + ModuleRules.InhibitorRefractory);
        step++;
    }

    void Integrate()
    {
        const float Share = (float)(ModuleRules.Step / ModuleRules.Membrane);
        const float PartnerShare = (float)(ModuleRules.Step / ModuleRules.InhibitorMembrane);
        fired.Clear();
        partners.Clear();
        for (var neuron = 0; neuron < neurons; neuron++)
        {
            if (step >= ready[neuron])
            {
                var u = v[neuron];
                v[neuron] = u + Share * (ModuleRules.RestPotential - u - excitation[neuron] * u
                    + inhibition[neuron] * (ModuleRules.InhibitoryReversal - u));
                if (v[neuron] > theta[neuron] + ModuleRules.ThresholdOffset) fired.Add(neuron);
            }
            if (step >= partnerReady[neuron])
            {
                var u = partnerV[neuron];
                partnerV[neuron] = u + PartnerShare * (ModuleRules.InhibitorRest - u - partnerExcitation[neuron] * u);
                if (partnerV[neuron] > ModuleRules.InhibitorThreshold) partners.Add(neuron);
            }
        }
        Scale(excitation, ExcitatoryKept);
        Scale(inhibition, InhibitoryKept);
        Scale(partnerExcitation, ExcitatoryKept);
        Scale(post, PostKept);
        Scale(slowPost, SlowPostKept);
    }

    void Arrive(bool learn)
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            // Lists of steps before the start are empty.
            foreach (var input in sent[(step + Slots - slot) % Slots])
            {
                var first = input * neurons;
                var (start, end) = (first + slots[input * (Slots + 1) + slot], first + slots[input * (Slots + 1) + slot + 1]);
                Events += end - start;
                var to = targets.AsSpan(start, end - start);
                var strengths = weights.AsSpan(start, end - start);
                // No two synapses of an input have the same target.
                for (var synapse = 0; synapse < to.Length; synapse++)
                {
                    var (target, strength) = (to[synapse], strengths[synapse]);
                    excitation[target] += strength;
                    if (learn) strengths[synapse] = Math.Min(1, strength + ModuleRules.PreRate * post[target]);
                }
                if (learn) arrived.AsSpan(start, end - start).Fill(step);
            }
        }
    }

    void Spread(int neuron, bool learn)
    {
        counts[neuron]++;
        Spikes++;
        Events++;
        partnerExcitation[neuron] += ModuleRules.ToInhibitor;
        if (!learn) return;
        theta[neuron] += ModuleRules.ThetaGain;
        for (var input = 0; input < inputs; input++)
        {
            var synapse = input * neurons + places[input * neurons + neuron];
            var age = (uint)(step - arrived[synapse]);
            var trace = age < fading.Length ? fading[age] : 0;
            weights[synapse] = Math.Min(1, weights[synapse] + ModuleRules.PostRate * trace * slowPost[neuron]);
        }
        (post[neuron], slowPost[neuron]) = (1, 1);
    }

    void Silence(int partner)
    {
        Events += neurons - 1;
        for (var neuron = 0; neuron < neurons; neuron++)
            if (neuron != partner) inhibition[neuron] += ModuleRules.FromInhibitor;
    }

    static void Scale(float[] values, float factor)
    {
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
        for (var lane = 0; lane < lanes.Length; lane++) lanes[lane] *= factor;
        for (var rest = lanes.Length * Vector<float>.Count; rest < values.Length; rest++) values[rest] *= factor;
    }
}
