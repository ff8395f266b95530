use leptos::prelude::*;

use crate::language::lang;

/// What one colour of the chart stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub label: String,
    /// Names the colour: `kept`, `pending`, `cancelled`, `missed-guest`, `missed-host`, `missed-technical`, or `1` to `6`.
    pub class: &'static str,
}

/// One bar, stacked from one value per series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Under the bar.
    pub label: String,
    /// In the table, when the label is short for it.
    pub full_label: String,
    pub values: Vec<i64>,
}

/// The drawing has units of its own; it is scaled to the width of the page.
const HEIGHT: i64 = 240;
const LEFT: i64 = 44;
const TOP: i64 = 10;
const BOTTOM: i64 = 28;
const WIDTH: i64 = 960;

/// Stacked bars, and the same figures as a table below them.
#[component]
pub fn BarChart(
    #[prop(into)] title: String,
    /// Of the first column of the table: "Day".
    #[prop(into)]
    axis: String,
    series: Vec<Series>,
    bars: Vec<Bar>,
) -> impl IntoView {
    let scale = Scale::of(
        bars.iter()
            .map(|bar| bar.values.iter().map(|v| (*v).max(0)).sum())
            .max()
            .unwrap_or(0),
    );
    let slot = (WIDTH - LEFT) / i64::try_from(bars.len()).unwrap_or(1).max(1);
    let thickness = (slot * 7 / 10).clamp(1, 56);
    // Labels need some 60 units each; of more bars only every n-th is labelled.
    let every = usize::try_from((60 / slot.max(1)) + 1).unwrap_or(1);
    let classes: Vec<&'static str> = series.iter().map(|one| one.class).collect();
    let label = t!(admin::chart::drawing { title: &title });
    let region = t!(admin::chart::region { title: &title });
    let figures = t!(admin::chart::table { title: &title });
    let table = view! { <Figures label=figures axis series=series.clone() bars=bars.clone() /> };
    view! {
        <figure class="bar-chart">
            <figcaption class="bar-chart__title">{title}</figcaption>
            <ul class="bar-chart__legend" aria-hidden="true">
                {series
                    .into_iter()
                    .map(|one| {
                        view! {
                            <li>
                                <svg class="bar-chart__key" viewBox="0 0 10 10" width="10" height="10">
                                    <rect class=format!("series series--{}", one.class) width="10" height="10" rx="2" />
                                </svg>
                                {one.label}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            // A phone scrolls it sideways: what scrolls must be reachable by keyboard.
            <div class="bar-chart__scroll scroll-region" role="region" aria-label=region tabindex="0">
            <svg class="bar-chart__drawing" viewBox=format!("0 0 {WIDTH} {}", TOP + HEIGHT + BOTTOM) role="img" aria-label=label>
                {scale
                    .marks()
                    .map(|mark| {
                        let y = scale.y(mark);
                        view! {
                            <line class="bar-chart__line" x1=LEFT x2=WIDTH y1=y y2=y />
                            <text class="bar-chart__mark" x=LEFT - 8 y=y + 4 text-anchor="end">
                                {lang().number(mark)}
                            </text>
                        }
                    })
                    .collect_view()}
                {bars
                    .into_iter()
                    .enumerate()
                    .map(|(index, bar)| {
                        let left = LEFT + slot * i64::try_from(index).unwrap_or(0);
                        let x = left + (slot - thickness) / 2;
                        let mut below = 0;
                        let parts = bar
                            .values
                            .iter()
                            .zip(classes.iter())
                            .filter(|(value, _)| **value > 0)
                            .map(|(value, class)| {
                                let bottom = scale.y(below);
                                below += value;
                                let y = scale.y(below);
                                view! {
                                    <rect
                                        class=format!("series series--{class}")
                                        x=x
                                        y=y
                                        width=thickness
                                        height=bottom - y
                                    />
                                }
                            })
                            .collect_view();
                        let text = (index % every == 0)
                            .then(|| {
                                view! {
                                    <text
                                        class="bar-chart__mark"
                                        x=left + slot / 2
                                        y=TOP + HEIGHT + 17
                                        text-anchor="middle"
                                    >
                                        {bar.label}
                                    </text>
                                }
                            });
                        view! {
                            {parts}
                            {text}
                        }
                    })
                    .collect_view()}
            </svg>
            </div>
            <details class="bar-chart__figures">
                <summary>{t!(admin::chart::show_as_table)}</summary>
                {table}
            </details>
        </figure>
    }
}

#[component]
fn Figures(label: String, axis: String, series: Vec<Series>, bars: Vec<Bar>) -> impl IntoView {
    view! {
        <div class="table-region table-region--scroll" role="region" aria-label=label tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{axis}</th>
                        {series
                            .into_iter()
                            .map(|one| {
                                view! {
                                    <th scope="col" class="is-numeric">
                                        {one.label}
                                    </th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {bars
                        .into_iter()
                        .map(|bar| {
                            view! {
                                <tr>
                                    <th scope="row">{bar.full_label}</th>
                                    {bar
                                        .values
                                        .into_iter()
                                        .map(|value| view! { <td class="is-numeric">{lang().number(value)}</td> })
                                        .collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The vertical axis: up to a round number, in round steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scale {
    top: i64,
    step: i64,
}

impl Scale {
    /// At most five lines, one, two or five times a power of ten apart; figures are whole things.
    fn of(highest: i64) -> Self {
        let highest = highest.max(1);
        let mut step = 1;
        for factor in [2, 5, 10].into_iter().cycle() {
            if step * 4 >= highest {
                break;
            }
            let power = 10_i64.pow(step.ilog10());
            step = power * factor;
        }
        Self {
            top: (highest + step - 1) / step * step,
            step,
        }
    }

    fn y(self, value: i64) -> i64 {
        TOP + HEIGHT - value.clamp(0, self.top) * HEIGHT / self.top
    }

    fn marks(self) -> impl Iterator<Item = i64> {
        (0..=self.top / self.step).map(move |n| n * self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_highest_bar() {
        let of = |highest| {
            let Scale { top, step } = Scale::of(highest);
            (top, step)
        };
        assert_eq!(of(0), (1, 1));
        assert_eq!(of(4), (4, 1));
        assert_eq!(of(7), (8, 2));
        assert_eq!(of(18), (20, 5));
        assert_eq!(of(23), (30, 10));
        assert_eq!(of(41), (60, 20));
        assert_eq!(of(399), (400, 100));
        assert_eq!(of(12_345), (15_000, 5_000));
        for highest in 1..2_000 {
            assert!(Scale::of(highest).marks().count() <= 6, "{highest}");
        }
    }
}
