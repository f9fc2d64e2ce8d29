namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// Spike-timing dependent plasticity of a wiring, computed at spikes only. Presynaptic traces belong to bundles, whose synapses all see the
/// same arrivals; postsynaptic ones belong to targets.
/// </summary>
sealed class StdpTraces
{
    readonly TripletStdp rule;
    readonly Wiring wiring;
    readonly DecayTable preDecay, slowPreDecay, postDecay, slowPostDecay;
    readonly double[] pre, slowPre, post, slowPost;
    readonly int[] preLast, postLast;
    readonly int[] bundleOf, incoming, firstIncoming;

    public StdpTraces(TripletStdp rule, Wiring wiring, int targets, double step)
    {
        (this.rule, this.wiring) = (rule, wiring);
        (preDecay, slowPreDecay) = (new(rule.PreTau, step), new(rule.SlowPreTau, step));
        (postDecay, slowPostDecay) = (new(rule.PostTau, step), new(rule.SlowPostTau, step));
        (pre, slowPre, preLast) = (new double[wiring.Bundles], new double[wiring.Bundles], new int[wiring.Bundles]);
        (post, slowPost, postLast) = (new double[targets], new double[targets], new int[targets]);
        bundleOf = new int[wiring.Targets.Length];
        for (var bundle = 0; bundle < wiring.Bundles; bundle++)
            bundleOf.AsSpan(wiring.Start(bundle)..wiring.Start(bundle + 1)).Fill(bundle);
        incoming = [.. Enumerable.Range(0, wiring.Targets.Length).OrderBy(synapse => wiring.Targets[synapse])];
        firstIncoming = new int[targets + 1];
        foreach (var target in wiring.Targets) firstIncoming[target + 1]++;
        for (var target = 0; target < targets; target++) firstIncoming[target + 1] += firstIncoming[target];
    }

    /// <summary>Weights changed so far.</summary>
    public long Updates { get; private set; }

    /// <summary>A presynaptic spike reaches the synapses of a bundle.</summary>
    public void Arrive(int bundle, int step)
    {
        var age = step - preLast[bundle];
        var slow = slowPre[bundle] * slowPreDecay.After(age);
        var loss = rule.Depression + rule.TripletDepression * slow;
        var (weights, targets) = (wiring.Weights, wiring.Targets);
        for (var synapse = wiring.Start(bundle); synapse < wiring.Start(bundle + 1); synapse++)
        {
            var target = targets[synapse];
            var trace = post[target] * postDecay.After(step - postLast[target]);
            weights[synapse] = Math.Clamp(weights[synapse] - loss * trace, rule.Least, rule.Most);
        }
        Updates += wiring.Start(bundle + 1) - wiring.Start(bundle);
        (pre[bundle], slowPre[bundle], preLast[bundle]) = (pre[bundle] * preDecay.After(age) + 1, slow + 1, step);
    }

    /// <summary>Targets of the wiring fire.</summary>
    public void Fire(List<int> fired, int step)
    {
        foreach (var target in fired)
        {
            var age = step - postLast[target];
            var slow = slowPost[target] * slowPostDecay.After(age);
            var gain = rule.Potentiation + rule.TripletPotentiation * slow;
            var synapses = incoming.AsSpan(firstIncoming[target]..firstIncoming[target + 1]);
            foreach (var synapse in synapses)
            {
                var bundle = bundleOf[synapse];
                var trace = pre[bundle] * preDecay.After(step - preLast[bundle]);
                wiring.Weights[synapse] = Math.Clamp(wiring.Weights[synapse] + gain * trace, rule.Least, rule.Most);
            }
            Updates += synapses.Length;
            (post[target], slowPost[target], postLast[target]) = (post[target] * postDecay.After(age) + 1, slow + 1, step);
        }
    }

    public void Clear()
    {
        foreach (var traces in new[] { pre, slowPre, post, slowPost }) Array.Clear(traces);
    }
}
