#pragma once

#include "ui/look/semanticcolors.h"

#include <QWidget>

#include <optional>

namespace cloudnode {

/// A word in a coloured capsule: "TLS", "Connected".
class Badge : public QWidget {
    Q_OBJECT

public:
    explicit Badge(QWidget *parent = nullptr);

    /// `tone` none: a neutral fact.
    void setWord(const QString &word, std::optional<Tone> tone);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_word;
    std::optional<Tone> m_tone;
};

} // namespace cloudnode
